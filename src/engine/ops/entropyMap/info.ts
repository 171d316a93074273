// `entropyMap` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'entropyMap',
  summary: 'Self-information of every class at every pixel, normalised.',
  dispatches: { forward: 1, back: 1 },
  paper: 'Vu et al. 2019, section 3.2',
} satisfies OpInfo;
