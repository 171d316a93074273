// `cropImages` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'cropImages',
  summary: 'A window cut out of every image, where the step’s plan says.',
  dispatches: { forward: 1, back: null },
} satisfies OpInfo;
