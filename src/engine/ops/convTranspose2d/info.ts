// `convTranspose2d` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'convTranspose2d',
  summary: 'Transposed convolution with PyTorch’s padding and output padding.',
  dispatches: null,
} satisfies OpInfo;
