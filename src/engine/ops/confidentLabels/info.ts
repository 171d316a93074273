// `confidentLabels` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'confidentLabels',
  summary: 'Labels where a prediction reaches its class’s threshold, 255 elsewhere.',
  dispatches: { forward: 1, back: null },
  composed: 10,
} satisfies OpInfo;
