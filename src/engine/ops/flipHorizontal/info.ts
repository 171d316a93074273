// `flipHorizontal` in the list of operations.
import type { OpInfo } from '../core/opInfo.ts';

export const info = {
  name: 'flipHorizontal',
  summary: 'Images or labels mirrored left to right, all or the chosen ones.',
  dispatches: null,
} satisfies OpInfo;
