// `colourJitter` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'colourJitter',
  summary: 'Contrast, saturation and brightness of every image by factors that the host has drawn.',
  dispatches: { forward: 2, back: null },
} satisfies OpInfo;
