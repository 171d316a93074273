// `addClipped` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'addClipped',
  summary: 'What a residual generator does last: its change added to the colours it was given, and clipped.',
  dispatches: { forward: 1, back: 1 },
  composed: 12,
} satisfies OpInfo;
