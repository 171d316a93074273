// `probabilityMap` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'probabilityMap',
  summary: 'Softmax at a temperature, pooled: what a discriminator of outputs sees.',
  dispatches: { forward: 1, back: 1 },
  composed: 9,
} satisfies OpInfo;
