// `exchangeWithPool` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'exchangeWithPool',
  summary: 'The image pool of a discriminator, exchanged in place.',
  dispatches: { forward: 1, back: null },
  paper: 'Shrivastava et al. 2017, section 2.3',
} satisfies OpInfo;
