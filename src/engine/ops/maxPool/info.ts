// `maxPool` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'maxPool',
  summary: 'Maximum of windows, with PyTorch’s rounding; the gradient goes to the first largest value.',
  dispatches: { forward: 1, back: 1 },
} satisfies OpInfo;
