// What the pictures on screen keep of each class: the pane that is looked at knows.
import { useMemo } from 'react';
import { useStudioState } from '../../stores/studioContext.ts';
import type { Kept } from './definePane.ts';
import { usePanes } from './usePanes.ts';

/** Null where the pictures hold no decisions. */
export function useKept(): Kept | null {
  const { pane } = usePanes();
  const pictures = useStudioState('pictures', (state) => state);
  const runs = useStudioState('runs', (state) => state);
  const view = useStudioState('view', (state) => state);
  const engine = useStudioState('engine', (state) => state);
  return useMemo(() => pane?.tally?.({ pictures, runs, view, engine }) ?? null, [pane, pictures, runs, view, engine]);
}
