// The open run's metrics as chart rows, redrawn at most three times a second whatever comes in.
import { startTransition, useEffect, useMemo, useState } from 'react';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { decimate, mergeByStep, type Point, type Row } from './decimate.ts';

const REDRAW_MS = 340;

/** `maxPoints` holds for each line. */
export function useLiveRows(keys: readonly string[], maxPoints: number): readonly Row[] {
  const { metrics } = useStudio();
  const revision = useThrottledRevision();
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns grow in place; the revision stands for their contents.
  return useMemo(() => {
    const { columns } = metrics.getState();
    const series: Record<string, readonly Point[]> = {};
    for (const key of keys) {
      const column = columns.get(key);
      if (column !== undefined) series[key] = decimate(column.steps, column.values, maxPoints);
    }
    return mergeByStep(series);
  }, [metrics, revision, keys, maxPoints]);
}

function useThrottledRevision(): number {
  const { metrics } = useStudio();
  const [revision, setRevision] = useState(() => metrics.getState().revision);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const unsubscribe = metrics.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = null;
        // A chart is drawn in slices: whatever a person does meanwhile goes first.
        startTransition(() => setRevision(metrics.getState().revision));
      }, REDRAW_MS);
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    };
  }, [metrics]);
  return revision;
}

/** Every method has it, and it is what the others serve: it comes first. */
const FIRST = 'train/loss_seg';
const inOrder = (a: string, b: string): number =>
  Number(b === FIRST) - Number(a === FIRST) || (a < b ? -1 : Number(a > b));

/** Metric keys known so far that `accepts` accepts; the list keeps its identity until a key is added. */
export function useMetricKeys(accepts: (key: string) => boolean): readonly string[] {
  const columns = useStudioState('metrics', (state) => state.columns);
  return useMemo(() => [...columns.keys()].filter(accepts).sort(inOrder), [columns, accepts]);
}
