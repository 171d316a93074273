// The open run's metrics as chart rows, redrawn at most three times a second whatever comes in.
import { startTransition, useEffect, useMemo, useState } from 'react';
import type { MetricGroup, MetricSpec } from '../../../domain/metrics.ts';
import { measuredOf } from '../../stores/metrics.ts';
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

/** What is known to be measured of a group so far; the list keeps its identity until something is added. */
export function useMeasured(group: MetricGroup): readonly MetricSpec[] {
  const columns = useStudioState('metrics', (state) => state.columns);
  const methods = useStudioState('engine', (state) => state.methods);
  const metrics = useStudioState('engine', (state) => state.metrics);
  return useMemo(() => measuredOf(group, columns.keys(), { methods, metrics }), [group, columns, methods, metrics]);
}
