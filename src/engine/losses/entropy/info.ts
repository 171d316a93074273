// `entropy` in the list of losses.
import type { OpInfo } from '../../ops/core/opInfo.ts';

export const info = {
  name: 'entropy',
  summary: 'Mean normalised entropy of a prediction.',
  dispatches: null,
  paper: 'Vu et al. 2019, eq. 4',
} satisfies OpInfo;
