// `batchNorm` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'batchNorm',
  summary: 'Batch normalisation, scale and shift, residual and activation, running statistics included.',
  dispatches: { forward: 2, back: 2 },
  composed: [25, 29],
  paper: 'Ioffe and Szegedy 2015',
} satisfies OpInfo;
