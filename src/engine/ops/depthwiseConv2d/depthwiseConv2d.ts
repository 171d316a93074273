// Depthwise convolution with PyTorch's geometry and gradients for every stride and dilation (TensorFlow.js has none for
// dilated ones): GPU programs on WebGPU, a composition of stock operations elsewhere.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { insertZeros, padSides } from '../conv2d/layout.ts';
import { shifted, spreadBorder, tapsOf } from '../conv2d/passes.ts';
import { assertShape } from '../core/assertShape.ts';
import { type ConvGeometry, convOutputSize, type ResolvedConv, resolveConv } from '../core/geometry.ts';
import { withGradient } from '../core/withGradient.ts';
import { depthwiseConv2dKernel } from './kernels.ts';

export interface DepthwiseConv2dOptions extends ConvGeometry {
  readonly bias?: tf.Tensor1D;
}

/**
 * Every channel c of `x` [batch, height, width, channels] is convolved with its own `filter` [kh, kw, channels, multiplier];
 * output channel c * multiplier + m. Bias [channels * multiplier].
 */
export function depthwiseConv2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: DepthwiseConv2dOptions = {},
): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'depthwiseConv2d x');
  assertShape(filter, ['kh', 'kw', 'channels', 'multiplier'], 'depthwiseConv2d filter', sizes);
  const outputs = filter.shape[2] * filter.shape[3];
  if (options.bias !== undefined) assertShape(options.bias, [outputs], 'depthwiseConv2d bias');
  const conv = resolveConv(options);
  const [oh, ow] = convOutputSize([x.shape[1], x.shape[2]], [filter.shape[0], filter.shape[1]], conv);

  if (canRunPrograms()) return depthwiseConv2dKernel(x, filter, options.bias, conv, [x.shape[0], oh, ow, outputs]);
  return composed(x, filter, options.bias, conv);
}

/** The same in operations of TensorFlow.js, for the CPU and WebGL. */
function composed(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | undefined, conv: ResolvedConv): tf.Tensor4D {
  const y = withGradient(
    [x, filter],
    () => ({ value: forward(x, filter, conv), kept: { x, filter } }),
    (dy, { x, filter }) => [toInput(dy, filter, x.shape, conv), toFilter(x, dy, filter.shape, conv)],
  );
  return bias === undefined ? y : tf.add(y, bias);
}

function forward(x: tf.Tensor4D, filter: tf.Tensor4D, { stride, dilation, padding }: ResolvedConv): tf.Tensor4D {
  const padded = padSides(x, padding);
  const isDilated = dilation[0] > 1 || dilation[1] > 1;
  const isUneven = stride[0] !== stride[1]; // TensorFlow.js's CPU and WebGPU kernels take one stride for both axes
  if (!isDilated && !isUneven) return tf.depthwiseConv2d(padded, filter, stride, 'valid');
  const dense = tf.depthwiseConv2d(padded, filter, 1, 'valid', 'NHWC', dilation);
  return shifted(dense, [0, 0], [dense.shape[1], dense.shape[2]], stride);
}

type Shape4D = [number, number, number, number];

/** The convolution of dy with the filter turned by 180 degrees, summed over the multiplier. */
function toInput(dy: tf.Tensor4D, filter: tf.Tensor4D, xShape: Shape4D, conv: ResolvedConv): tf.Tensor4D {
  const [kh, kw, channels, multiplier] = filter.shape;
  const turned = tf.reverse(filter, [0, 1]);
  const spread = insertZeros(dy, conv.stride);
  const padded = padSides(spread, spreadBorder(xShape, spread.shape, [kh, kw], conv));
  const parts = Array.from({ length: multiplier }, (_, m): tf.Tensor4D => {
    const [batch, height, width] = padded.shape;
    const own: tf.Tensor4D =
      multiplier === 1
        ? padded
        : tf.reshape(
            tf.slice(tf.reshape(padded, [batch * height * width, channels, multiplier]), [0, 0, m], [-1, -1, 1]),
            [batch, height, width, channels],
          );
    const kernel = tf.slice(turned, [0, 0, 0, m], [kh, kw, channels, 1]);
    return tf.depthwiseConv2d(own, kernel, 1, 'valid', 'NHWC', conv.dilation);
  });
  return parts.reduce((sum, part) => tf.add<tf.Tensor4D>(sum, part));
}

/** Tap by tap: the sum over pixels of the shifted input times dy. */
function toFilter(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: Shape4D, conv: ResolvedConv): tf.Tensor4D {
  const [kh, kw, channels, multiplier] = filterShape;
  const [batch, oh, ow] = dy.shape;
  const pixels = batch * oh * ow;
  const tap = tapsOf(x, [oh, ow], [kh, kw], conv);
  const upstream = tf.reshape(dy, [pixels, channels, multiplier]);
  const taps: tf.Tensor2D[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      taps.push(tf.sum(tf.mul(tf.reshape(tap(i, j), [pixels, channels, 1]), upstream), 0));
    }
  }
  return tf.reshape(tf.stack(taps), filterShape);
}
