// Max pooling with PyTorch's padding (it never wins, also against negative values), ceil mode and ties (the first wins).
// TensorFlow.js's own gradient ignores the rounding mode, so where it is used the map is padded here and pooled without any.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { type Padding, type PerAxis, perAxis, sides } from '../core/geometry.ts';
import { fusedMaxPool } from './maxPoolKernels.ts';

export interface MaxPoolOptions {
  readonly kernel: PerAxis;
  /** The kernel's size unless said. */
  readonly stride?: PerAxis;
  /** At most half the kernel, so that every window meets the map. */
  readonly padding?: Padding;
  /** Whether a last window that hangs over the border counts, if it starts inside the map or its leading padding. */
  readonly ceilMode?: boolean;
}

// Finite, so that no kernel computes with infinities; below every value that a network holds.
const LOWEST = -3e38;

/** Largest value of every window of `x` [batch, height, width, channels]. */
export function maxPool(x: tf.Tensor4D, options: MaxPoolOptions): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'maxPool x');
  const kernel = perAxis(options.kernel, 1);
  const stride = perAxis(options.stride, kernel);
  const { top, bottom, left, right } = sides(options.padding);
  invariant(
    2 * Math.max(top, bottom) <= kernel[0] && 2 * Math.max(left, right) <= kernel[1],
    () => `maxPool: padding [${[top, bottom, left, right]}] is more than half of the kernel [${kernel}].`,
  );
  const isCeil = options.ceilMode ?? false;
  const [, height, width] = x.shape;
  const output: [number, number] = [
    windowsAlong(height, kernel[0], stride[0], top, bottom, isCeil),
    windowsAlong(width, kernel[1], stride[1], left, right, isCeil),
  ];
  invariant(
    output[0] > 0 && output[1] > 0,
    () => `maxPool: a window [${kernel}] does not fit a map ${height}x${width}.`,
  );
  if (canRunPrograms()) return fusedMaxPool(x, { input: x.shape, output, kernel, stride, top, left });
  const below = Math.max(0, (output[0] - 1) * stride[0] + kernel[0] - height - top);
  const beyond = Math.max(0, (output[1] - 1) * stride[1] + kernel[1] - width - left);
  const pads: [number, number][] = [
    [0, 0],
    [top, below],
    [left, beyond],
    [0, 0],
  ];
  const padded = top + below + left + beyond === 0 ? x : tf.pad(x, pads, LOWEST);
  return tf.maxPool(padded, kernel, stride, 'valid');
}

/** PyTorch's output size. */
function windowsAlong(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  isCeil: boolean,
): number {
  const room = (size + before + after - kernel) / stride;
  const windows = (isCeil ? Math.ceil(room) : Math.floor(room)) + 1;
  return isCeil && (windows - 1) * stride >= size + before ? windows - 1 : windows;
}
