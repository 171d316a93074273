// `batches` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'batches',
  summary: 'Batches joined and split: images lie contiguously, so buffers are copied.',
  dispatches: { forward: 0, back: 0 },
} satisfies OpInfo;
