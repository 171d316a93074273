// The method that is training now: what it declares decides which panes have something to show.
import type { MethodInfo } from '../../../domain/method.ts';
import type { PaneOffer } from './definePane.ts';

/** Undefined where the stage under way trains nothing. */
export function methodUnderWay({ runs: { current, state }, engine }: PaneOffer): MethodInfo | undefined {
  const stage = current?.config.recipe.stages[state?.stage?.index ?? 0];
  return stage?.kind === 'train' ? engine.methods.find(({ id }) => id === stage.method) : undefined;
}
