// `warpImages` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'warpImages',
  summary: 'Geometric views of images by affine maps that are data.',
  dispatches: { forward: 1, back: null },
} satisfies OpInfo;
