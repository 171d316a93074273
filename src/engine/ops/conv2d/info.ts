// `conv2d` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'conv2d',
  summary:
    'Convolution with bias and activation, zero or reflected borders; a kernel is chosen per shape (docs/convolutions.md).',
  dispatches: null,
} satisfies OpInfo;
