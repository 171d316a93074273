// `unpackBytes` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'unpackBytes',
  summary: 'Uploaded bytes as images in [-1, 1], or as labels.',
  dispatches: { forward: 1, back: null },
} satisfies OpInfo;
