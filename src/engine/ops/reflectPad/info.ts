// `reflectPad` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'reflectPad',
  summary: 'Reflected borders, with the gradient of the reflected copies.',
  dispatches: null,
} satisfies OpInfo;
