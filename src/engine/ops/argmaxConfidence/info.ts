// `argmaxConfidence` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'argmaxConfidence',
  summary: 'Most probable class of every pixel and its probability; the mask of confident pixels.',
  dispatches: { forward: 1, back: null },
  composed: 6,
} satisfies OpInfo;
