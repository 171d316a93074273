// `fuseViews` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'fuseViews',
  summary: 'Predictions of several views brought back to the image’s frame and made one decision per pixel.',
  dispatches: { forward: 1, back: null },
} satisfies OpInfo;
