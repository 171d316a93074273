// `instanceNorm` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'instanceNorm',
  summary: 'Instance normalisation, with or without scale and shift, residual and activation.',
  dispatches: { forward: 2, back: 2 },
  composed: [25, 29],
  paper: 'Ulyanov et al. 2016',
} satisfies OpInfo;
