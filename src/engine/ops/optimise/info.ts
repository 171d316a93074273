// `optimise` in the list of operations; its test counts the dispatches.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'optimise',
  summary:
    'Adam, SGD and moving averages of all parameters in place: one dispatch for as many tensors as buffers can be bound.',
  dispatches: { forward: 1, back: null },
  paper: 'Kingma and Ba 2015; Loshchilov and Hutter 2019',
} satisfies OpInfo;
