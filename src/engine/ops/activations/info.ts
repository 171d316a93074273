// `activations` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'activations',
  summary: 'ReLU and leaky ReLU with a gradient of one dispatch; the other activations are TensorFlow.js’s.',
  dispatches: { forward: 1, back: 1 },
} satisfies OpInfo;
