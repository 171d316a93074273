// `groupNorm` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'groupNorm',
  summary: 'Group normalisation, scale and shift, residual and activation.',
  dispatches: { forward: 2, back: 2 },
  composed: [25, 29],
  paper: 'Wu and He 2018',
} satisfies OpInfo;
