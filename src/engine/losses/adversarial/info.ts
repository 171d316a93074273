// `adversarial` in the list of losses; its test counts the dispatches.
import type { OpInfo } from '../../ops/core/opInfo.ts';

export const info = {
  name: 'adversarial',
  summary: 'Loss of a discriminator against constant labels with its accuracies; the same for one domain.',
  dispatches: { forward: 1, back: 1 },
  composed: 30,
  paper: 'Tsai et al. 2018; Mao et al. 2017',
} satisfies OpInfo;
