// `depthwiseConv2d` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'depthwiseConv2d',
  summary: 'Depthwise convolution with a channel multiplier.',
  dispatches: null,
  paper: 'Howard et al. 2017',
} satisfies OpInfo;
