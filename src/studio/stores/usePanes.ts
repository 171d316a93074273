// What there is to look at in a run: a translator predicts nothing, some methods show nothing of a step, and only finished
// stages have made something.
import { useMemo } from 'react';
import { madeStages } from './madePictures.ts';
import { useStudioState } from './studioContext.ts';
import type { Pane } from './view.ts';

export function usePanes(): { readonly pane: Pane; readonly panes: readonly Pane[] } {
  const methods = useStudioState('engine', (state) => state.methods);
  const wanted = useStudioState('view', (state) => state.pane);
  const methodId = useStudioState('runs', ({ current, state }) => {
    const stage = current?.config.recipe.stages[state?.stage?.index ?? 0];
    return stage?.kind === 'train' ? stage.method : null;
  });
  const hasMade = useStudioState('runs', (state) => madeStages(state).length > 0);
  const method = methods.find(({ id }) => id === methodId);
  const showsStep = (method?.views ?? []).length > 0;
  const predicts = method?.produces !== 'translator';
  return useMemo(() => {
    const panes: readonly Pane[] = [
      ...(predicts || !showsStep ? (['validation'] as const) : []),
      ...(showsStep ? (['step'] as const) : []),
      ...(hasMade ? (['made'] as const) : []),
    ];
    return { pane: panes.includes(wanted) ? wanted : (panes[0] ?? 'validation'), panes };
  }, [wanted, showsStep, predicts, hasMade]);
}
