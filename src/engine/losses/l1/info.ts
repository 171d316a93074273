// `l1` in the list of losses.
import type { OpInfo } from '../../ops/core/opInfo.ts';

export const info = {
  name: 'l1',
  summary: 'Mean absolute difference.',
  dispatches: null,
} satisfies OpInfo;
