// `resizeNearest` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'resizeNearest',
  summary: 'Labels resized by nearest neighbour, by either rule of PyTorch.',
  dispatches: null,
} satisfies OpInfo;
