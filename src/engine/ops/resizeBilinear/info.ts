// `resizeBilinear` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'resizeBilinear',
  summary: 'Bilinear resize, aligned corners or half-pixel centres, with a map added.',
  dispatches: { forward: 1, back: 1 },
  composed: 3,
} satisfies OpInfo;
