// `mix` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'mix',
  summary: 'Images, labels and mask mixed by boxes or by classes.',
  dispatches: { forward: 1, back: null },
  paper: 'Yun et al. 2019; Olsson et al. 2021',
} satisfies OpInfo;
