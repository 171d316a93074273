// `virtualAdversarial` in the list of losses.
import type { OpInfo } from '../../ops/core/opInfo.ts';

export const info = {
  name: 'virtualAdversarial',
  summary: 'Change of a prediction under the noise that changes it most.',
  dispatches: null,
  paper: 'Miyato et al. 2018',
} satisfies OpInfo;
