// Max pooling with PyTorch's padding (it never wins, also against negative values) and ceil mode. TensorFlow.js's own
// gradient ignores the rounding mode, so the map is padded here and pooled without any.
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { type Padding, type PerAxis, perAxis, sides } from '../geometry.ts';

export interface MaxPoolOptions {
  readonly kernel: PerAxis;
  /** The kernel's size unless said. */
  readonly stride?: PerAxis;
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
  const ceilMode = options.ceilMode ?? false;
  const below = trailing(x.shape[1], kernel[0], stride[0], top, bottom, ceilMode);
  const beyond = trailing(x.shape[2], kernel[1], stride[1], left, right, ceilMode);
  const pads: [number, number][] = [
    [0, 0],
    [top, below],
    [left, beyond],
    [0, 0],
  ];
  const padded = top + below + left + beyond === 0 ? x : tf.pad(x, pads, LOWEST);
  return tf.maxPool(padded, kernel, stride, 'valid');
}

/** Padding after the last pixel with which pooling without padding gives PyTorch's output size. */
function trailing(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  ceilMode: boolean,
): number {
  const room = (size + before + after - kernel) / stride;
  let windows = (ceilMode ? Math.ceil(room) : Math.floor(room)) + 1;
  if (ceilMode && (windows - 1) * stride >= size + before) windows -= 1;
  return Math.max(0, (windows - 1) * stride + kernel - size - before);
}
