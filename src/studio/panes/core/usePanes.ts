// What there is to look at in the open run, and what is looked at.
import { useMemo } from 'react';
import { useStudioState } from '../../stores/studioContext.ts';
import type { Pane } from './definePane.ts';
import type { PaneChoice } from './paneChoice.ts';
import { PANES } from './registry.ts';

export function usePanes(): PaneChoice {
  const wanted = useStudioState('view', (state) => state.pane);
  const engine = useStudioState('engine', (state) => state);
  // One text, so that a run that moves on redraws nothing while the offer stays as it is.
  const ids = useStudioState('runs', (runs) =>
    PANES.filter((pane) => pane.isOffered({ runs, engine }))
      .map(({ id }) => id)
      .join(' '),
  );
  return useMemo(() => {
    const panes = PANES.filter(({ id }) => ids.split(' ').includes(id));
    return { pane: shownOf(panes, wanted), panes };
  }, [ids, wanted]);
}

/** The pane that somebody chose; the first where it is not offered now, or where there is none of that name any more. */
export function shownOf(offered: readonly Pane[], wanted: string | null): Pane | null {
  return offered.find(({ id }) => id === wanted) ?? offered[0] ?? null;
}
