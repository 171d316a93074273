// `softmaxCrossEntropy` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'softmaxCrossEntropy',
  summary: 'Cross-entropy over pixels: class weights, mask, temperature, and what it is divided by.',
  dispatches: { forward: 2, back: 1 },
  composed: 29,
} satisfies OpInfo;
