// `hashNoise` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'hashNoise',
  summary: 'Noise as a function of keys and places: alone, added, or as channels.',
  dispatches: { forward: 1, back: null },
} satisfies OpInfo;
