// `avgPool` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'avgPool',
  summary: 'Average pooling, with fixed windows or adaptive to a size as PyTorch cuts it.',
  dispatches: null,
} satisfies OpInfo;
