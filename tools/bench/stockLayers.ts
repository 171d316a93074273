// Layers as a user of TensorFlow.js writes them down: no custom kernels, no custom gradients but where its own are wrong or missing.
import * as tf from '../../src/engine/tf.ts';
import { spaceToBatchConv, tapByTapConv } from './stockConv.ts';

/** How a dilated convolution is made differentiable. */
export type DilationWay = 'space to batch' | 'tap by tap';

/** Variables by the names that our networks give them. */
export type Weights = (name: string) => tf.Variable;

/** A convolution with padding `same`, and no bias. */
export function convolve(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  {
    stride = 1,
    dilation = 1,
    way,
  }: { readonly stride?: number; readonly dilation?: number; readonly way: DilationWay },
): tf.Tensor4D {
  const filter = weights(`${name}.weight`) as tf.Tensor as tf.Tensor4D;
  const padding = dilation * (filter.shape[0] >> 1);
  if (dilation === 1) return tf.conv2d(x, filter, stride, padding);
  const conv = { stride, dilation, padding };
  return way === 'tap by tap' ? tapByTapConv(x, filter, conv) : spaceToBatchConv(x, filter, conv);
}

/** Group normalisation in groups of 8 channels, with scale and shift. */
export function normalise(weights: Weights, name: string, x: tf.Tensor4D, epsilon = 1e-5): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const groups = Math.max(1, Math.floor(channels / 8));
  return groupNormalise(x, { gamma: weights(`${name}.weight`), beta: weights(`${name}.bias`), epsilon }, [
    batch,
    height * width,
    groups,
    channels / groups,
  ]);
}

export function groupNormalise(
  x: tf.Tensor4D,
  { gamma, beta, epsilon }: { readonly gamma: tf.Tensor; readonly beta: tf.Tensor; readonly epsilon: number },
  grouped: [number, number, number, number],
): tf.Tensor4D {
  const z = tf.reshape(x, grouped);
  const { mean, variance } = tf.moments(z, [1, 3], true);
  const standard = tf.div(tf.sub(z, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(tf.reshape(standard, x.shape), gamma), beta);
}

/**
 * Enlarges by 2 with half-pixel centres. TensorFlow.js's gradient of that is another convention's; the right one is a depthwise
 * convolution with a triangle.
 */
export function enlarge(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const run = tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, [2 * height, 2 * width], false, true),
    gradFunc: (dy: tf.Tensor) => {
      const edge: [number, number] = [1, 1];
      const mirrored = tf.mirrorPad(dy as tf.Tensor4D, [[0, 0], edge, edge, [0, 0]], 'symmetric');
      const triangle = [0.25, 0.75, 0.75, 0.25];
      const values = triangle.flatMap((a) => triangle.flatMap((b) => new Array<number>(channels).fill(a * b)));
      return tf.depthwiseConv2d(mirrored, tf.tensor4d(values, [4, 4, channels, 1]), 2, 'valid');
    },
  }));
  return run(x) as tf.Tensor4D;
}

/** Cross-entropy with class weights, as PyTorch averages it: over the weights of the counted pixels. 255 is in no row of the one-hot map. */
export function weightedCrossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D, classWeights: tf.Tensor1D): tf.Scalar {
  const [classes] = classWeights.shape;
  const weights = tf.mul(tf.oneHot(labels, classes), classWeights);
  return tf.neg(tf.div(tf.sum(tf.mul(weights, tf.logSoftmax(logits))), tf.sum(weights)));
}
