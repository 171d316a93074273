// `concatChannels` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'concatChannels',
  summary: 'Maps joined channel after channel, as ASPP and skip connections do.',
  dispatches: { forward: 1, back: 1 },
} satisfies OpInfo;
