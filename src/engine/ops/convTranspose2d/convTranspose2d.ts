// Transposed convolution with PyTorch's padding and output padding (TensorFlow.js's 'same' is shifted by one pixel
// against it). It is the input gradient of a convolution, so its own gradients are that convolution's other passes.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { convTranspose2dKernel } from '../conv2d/kernels/register.ts';
import { convForward, filterGradient, inputGradient } from '../conv2d/passes.ts';
import { assertShape } from '../core/assertShape.ts';
import { type Padding, type PerAxis, perAxis, type ResolvedConv, sides } from '../core/geometry.ts';
import { withGradient } from '../core/withGradient.ts';

export interface ConvTranspose2dOptions {
  readonly bias?: tf.Tensor1D;
  readonly stride?: PerAxis;
  readonly padding?: Padding;
  /** Rows and columns to add at the bottom and right; 0 or more, below the stride. */
  readonly outputPadding?: number | readonly [number, number];
}

/**
 * y[n, i*stride + ki - top, j*stride + kj - left, o] += x[n, i, j, c] * filter[ki, kj, o, c], plus bias[o].
 * `x` [batch, height, width, in], `filter` [kh, kw, out, in]; height out = (height - 1)*stride - top - bottom + kh + outputPadding.
 */
export function convTranspose2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  options: ConvTranspose2dOptions = {},
): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'in'], 'convTranspose2d x');
  assertShape(filter, ['kh', 'kw', 'out', 'in'], 'convTranspose2d filter', sizes);
  if (options.bias !== undefined) assertShape(options.bias, ['out'], 'convTranspose2d bias', sizes);
  const conv: ResolvedConv = {
    stride: perAxis(options.stride, 1),
    dilation: [1, 1],
    padding: sides(options.padding),
  };
  const { outputPadding = 0 } = options;
  const extra = typeof outputPadding === 'number' ? [outputPadding, outputPadding] : outputPadding;
  const [extraRows = 0, extraColumns = 0] = extra;
  invariant(
    extraRows >= 0 && extraColumns >= 0 && extraRows < conv.stride[0] && extraColumns < conv.stride[1],
    () => `convTranspose2d: output padding [${extra}] must be below the stride [${conv.stride}].`,
  );
  const [batch, height, width] = x.shape;
  const [kh, kw, outputs] = filter.shape;
  const { top, bottom, left, right } = conv.padding;
  const outShape: [number, number, number, number] = [
    batch,
    (height - 1) * conv.stride[0] - top - bottom + kh + extraRows,
    (width - 1) * conv.stride[1] - left - right + kw + extraColumns,
    outputs,
  ];
  invariant(outShape[1] > 0 && outShape[2] > 0, () => `convTranspose2d: nothing is left of [${outShape}].`);

  if (canRunPrograms()) return convTranspose2dKernel(x, filter, options.bias, { ...conv, reflect: false }, outShape);
  return composed(x, filter, options.bias, outShape, conv);
}

/** The same in operations of TensorFlow.js, for the CPU and WebGL. */
function composed(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  outShape: [number, number, number, number],
  conv: ResolvedConv,
): tf.Tensor4D {
  const y = withGradient(
    [x, filter],
    () => ({ value: inputGradient(x, filter, outShape, conv), kept: { x, filter } }),
    (dy, { x, filter }) => [convForward(dy, filter, conv), filterGradient(dy, x, filter.shape, conv)],
  );
  return bias === undefined ? y : tf.add(y, bias);
}
