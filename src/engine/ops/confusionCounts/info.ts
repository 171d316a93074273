// `confusionCounts` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'confusionCounts',
  summary: 'Pairs of true and predicted class, counted in whole numbers.',
  dispatches: { forward: 2, back: null },
  composed: 6,
} satisfies OpInfo;
