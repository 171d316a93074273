// Convolutions as a user of TensorFlow.js writes them, with the public work-arounds where its own are refused: it does not
// differentiate a dilated convolution (tfjs issue 7906).
import * as tf from '../../src/engine/tf.ts';

export interface StockConv {
  readonly stride: number;
  readonly dilation: number;
  /** On all four sides. */
  readonly padding: number;
}
type Pads = [[number, number], [number, number], [number, number], [number, number]];
type Shape4D = [number, number, number, number];

const padsOf = (padding: number): Pads => [
  [0, 0],
  [padding, padding],
  [padding, padding],
  [0, 0],
];

export function stockForward(x: tf.Tensor4D, filter: tf.Tensor4D, conv: StockConv): tf.Tensor4D {
  return tf.conv2d(x, filter, conv.stride, padsOf(conv.padding), 'NHWC', conv.dilation);
}

/** What `tf.grad` runs for the input; for a dilated convolution of stride 1, one with the turned filter. */
export function stockInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  xShape: Shape4D,
  { stride, dilation, padding }: StockConv,
): tf.Tensor4D {
  if (dilation === 1) return tf.conv2dTranspose(dy, filter, xShape, stride, padsOf(padding));
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(dy, turned, 1, padsOf(dilation * (filter.shape[0] - 1) - padding), 'NHWC', dilation);
}

/** What `tf.grad` runs for the filter; stride 1 and dilation 1, or any stride. */
export function stockFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: Shape4D,
  { stride, padding }: StockConv,
): tf.Tensor4D {
  const attributes = { strides: stride, pad: padsOf(padding), dataFormat: 'NHWC', dimRoundingMode: null, filterShape };
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attributes as unknown as tf.NamedAttrMap);
}

/** Work-around for a dilated convolution of stride 1: a slice and a matrix product per tap of the filter. */
export function tapByTapFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [kernel, , from, to]: Shape4D,
  { dilation, padding }: StockConv,
): tf.Tensor4D {
  const [batch, height, width] = dy.shape;
  const padded = tf.pad(x, padsOf(padding));
  const upstream = tf.reshape(dy, [batch * height * width, to]);
  const taps: tf.Tensor2D[] = [];
  for (let i = 0; i < kernel; i++) {
    for (let j = 0; j < kernel; j++) {
      const seen = tf.slice(padded, [0, i * dilation, j * dilation, 0], [batch, height, width, from]);
      taps.push(tf.matMul(tf.reshape(seen, [batch * height * width, from]), upstream, true, false));
    }
  }
  return tf.reshape(tf.concat(taps, 0), [kernel, kernel, from, to]);
}

/** The other work-around: pixels that lie `dilation` apart become images of their own, and the dilation disappears. */
export function spaceToBatchFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  filterShape: Shape4D,
  { dilation, padding }: StockConv,
): tf.Tensor4D {
  const { around, after } = blocksOf(dy.shape, { dilation, padding });
  const spread = tf.spaceToBatchND(x, [dilation, dilation], around);
  const upstream = tf.spaceToBatchND(dy, [dilation, dilation], after);
  return stockFilterGradient(spread, upstream, filterShape, { stride: 1, dilation: 1, padding: 0 });
}

/** A dilated convolution of stride 1 that TensorFlow.js can differentiate. */
export function spaceToBatchConv(x: tf.Tensor4D, filter: tf.Tensor4D, conv: StockConv): tf.Tensor4D {
  const { dilation } = conv;
  const { around, after } = blocksOf(x.shape, conv);
  const spread = tf.spaceToBatchND(x, [dilation, dilation], around);
  return tf.batchToSpaceND(tf.conv2d(spread, filter, 1, 'valid'), [dilation, dilation], after);
}

/** The same with a gradient of one's own, tap by tap for the filter. */
export function tapByTapConv(x: tf.Tensor4D, filter: tf.Tensor4D, conv: StockConv): tf.Tensor4D {
  const run = tf.customGrad((input, weights, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor, weights as tf.Tensor]);
    return {
      value: stockForward(input as tf.Tensor4D, weights as tf.Tensor4D, conv),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, weights] = saved as [tf.Tensor4D, tf.Tensor4D];
        return [
          stockInputGradient(dy as tf.Tensor4D, weights, input.shape, conv),
          tapByTapFilterGradient(input, dy as tf.Tensor4D, weights.shape, conv),
        ];
      },
    };
  });
  return run(x, filter) as tf.Tensor4D;
}

/** Padding of input and result so that both divide into `dilation` x `dilation` blocks. */
function blocksOf(
  [, height, width]: Shape4D,
  { dilation, padding }: { readonly dilation: number; readonly padding: number },
): { readonly around: number[][]; readonly after: number[][] } {
  const missing = [height, width].map((length) => (dilation - ((length + 2 * padding) % dilation)) % dilation);
  return {
    around: missing.map((rest) => [padding, padding + rest]),
    after: missing.map((rest) => [0, rest]),
  };
}
