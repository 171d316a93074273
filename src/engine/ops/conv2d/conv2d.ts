// Two-dimensional convolution with PyTorch's geometry and a gradient for every stride and dilation. TensorFlow.js 4.22
// refuses to differentiate dilated convolutions (tfjs issue 7906); forward, input and filter gradient are ours here: GPU
// programs on WebGPU (kernels/), a composition of stock operations elsewhere (passes.ts).
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { pastRectifier } from '../activations/rectified.ts';
import { assertShape } from '../core/assertShape.ts';
import { activated, type FusedActivation, slopeOf } from '../core/fusedActivation.ts';
import { type ConvGeometry, convOutputSize, type PadMode, resolveConv, type Sides } from '../core/geometry.ts';
import { withGradient } from '../core/withGradient.ts';
import { reflectPad } from '../reflectPad/reflectPad.ts';
import { conv2dKernel } from './kernels/register.ts';
import type { Shape4D } from './kernels/shape.ts';
import { convForward, filterGradient, inputGradient } from './passes.ts';

export interface Conv2dOptions extends ConvGeometry {
  readonly bias?: tf.Tensor1D;
  /** What lies beyond the border; `zero` unless said. */
  readonly padMode?: PadMode;
  /** Of what comes out, in the same dispatch; none unless said. A leaky one's slope is 0 or more. */
  readonly activation?: FusedActivation;
}

/**
 * y[n, i, j, o] = activation(bias[o] + sum over ki, kj, c of x[n, i*stride + ki*dilation - top, j*stride + kj*dilation - left, c] * filter[ki, kj, c, o]).
 * `x` [batch, height, width, in], `filter` [kh, kw, in, out]. Throws `internal.invariant` on shapes that do not fit.
 */
export function conv2d(x: tf.Tensor4D, filter: tf.Tensor4D, options: Conv2dOptions = {}): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'in'], 'conv2d x');
  assertShape(filter, ['kh', 'kw', 'in', 'out'], 'conv2d filter', sizes);
  if (options.bias !== undefined) assertShape(options.bias, ['out'], 'conv2d bias', sizes);
  const conv = resolveConv(options);
  const [oh, ow] = convOutputSize([x.shape[1], x.shape[2]], [filter.shape[0], filter.shape[1]], conv);
  const reflect = options.padMode === 'reflect';
  if (reflect) assertReflectable(x, conv.padding);

  const { activation = 'none' } = options;
  const slope = slopeOf(activation);
  // The gradient reads the sign of the sum from the sign of what came out.
  invariant(slope >= 0, () => `conv2d: the activation must not fall; got a slope of ${slope}.`);

  if (!canRunPrograms()) return composedConv2d(x, filter, options);
  const shape: Shape4D = [x.shape[0], oh, ow, filter.shape[3]];
  const convolve = () => conv2dKernel(x, filter, options.bias, { ...conv, reflect }, shape, slope);
  return activation === 'none' ? convolve() : tf.tidy(() => pastRectifier(convolve(), slope));
}

function assertReflectable({ shape: [, height, width] }: tf.Tensor4D, { top, bottom, left, right }: Sides): void {
  invariant(
    Math.max(top, bottom) < height && Math.max(left, right) < width,
    () => `conv2d: a ${height}x${width} map cannot be reflected by ${JSON.stringify({ top, bottom, left, right })}.`,
  );
}

/** The same in operations of TensorFlow.js: for the CPU and WebGL, and to measure against. */
export function composedConv2d(x: tf.Tensor4D, filter: tf.Tensor4D, options: Conv2dOptions): tf.Tensor4D {
  if (options.padMode === 'reflect') {
    const { padMode: _, padding = 0, ...rest } = options;
    return composedConv2d(reflectPad(x, padding), filter, rest);
  }
  const conv = resolveConv(options);
  const y = withGradient(
    [x, filter],
    () => ({ value: convForward(x, filter, conv), kept: { x, filter } }),
    (dy, { x, filter }) => [inputGradient(dy, filter, x.shape, conv), filterGradient(x, dy, filter.shape, conv)],
  );
  return activated(options.bias === undefined ? y : tf.add(y, options.bias), options.activation ?? 'none');
}
