// `distillation` in the list of losses.
import type { OpInfo } from '../../ops/core/opInfo.ts';

export const info = {
  name: 'distillation',
  summary: 'Losses between a student and its teacher, or a network’s two heads.',
  dispatches: null,
  paper: 'Tarvainen and Valpola 2017; Berthelot et al. 2019; Zheng and Yang 2021',
} satisfies OpInfo;
