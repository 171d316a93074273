// What there is to look at in the stage under way: a translator predicts nothing, and some methods show nothing of a step.
import { useStudioState } from '../../stores/studioContext.ts';
import type { Pane } from '../../stores/view.ts';

export function usePanes(): { readonly pane: Pane; readonly hasChoice: boolean } {
  const methods = useStudioState('engine', (state) => state.methods);
  const wanted = useStudioState('view', (state) => state.pane);
  const methodId = useStudioState('runs', ({ current, state }) => {
    const stage = current?.config.recipe.stages[state?.stage?.index ?? 0];
    return stage?.kind === 'train' ? stage.method : null;
  });
  const method = methods.find(({ id }) => id === methodId);
  const showsStep = (method?.views ?? []).length > 0;
  if (!showsStep) return { pane: 'validation', hasChoice: false };
  if (method?.produces === 'translator') return { pane: 'step', hasChoice: false };
  return { pane: wanted, hasChoice: true };
}
