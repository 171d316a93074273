// The fused operations as a user of TensorFlow.js composes them; gradients are TensorFlow.js's own unless those are wrong.
import * as tf from '../../src/engine/tf.ts';

/** Over pixels and batch, as in training; running statistics follow with momentum 0.1 and the unbiased variance. */
export function batchNormalise(
  x: tf.Tensor4D,
  { gamma, beta, mean, variance }: Readonly<Record<'gamma' | 'beta' | 'mean' | 'variance', tf.Tensor>>,
): { readonly y: tf.Tensor4D; readonly running: tf.Tensor[] } {
  const moments = tf.moments(x, [0, 1, 2]);
  const count = x.size / x.shape[3];
  const follow = (running: tf.Tensor, batch: tf.Tensor, factor: number): tf.Tensor =>
    tf.add(tf.mul(running, 0.9), tf.mul(batch, 0.1 * factor));
  return {
    y: tf.batchNorm(
      x,
      moments.mean as tf.Tensor1D,
      moments.variance as tf.Tensor1D,
      beta as tf.Tensor1D,
      gamma as tf.Tensor1D,
      1e-5,
    ),
    running: [follow(mean, moments.mean, 1), follow(variance, moments.variance, count / (count - 1))],
  };
}

/** Per image and channel. */
export function instanceNormalise(x: tf.Tensor4D): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, [1, 2], true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

/** Self-information, normalised by the logarithm of the number of classes. */
export function entropyOf(logits: tf.Tensor4D): tf.Tensor4D {
  const logProbabilities = tf.logSoftmax(logits);
  return tf.mul(tf.mul(tf.exp(logProbabilities), logProbabilities), -1 / Math.log(logits.shape[3]));
}

/** Rows are the truth; 255 has no row. */
export function countPairs(truth: tf.Tensor3D, predicted: tf.Tensor3D, classes: number): tf.Tensor {
  const rows = (labels: tf.Tensor3D): tf.Tensor2D =>
    tf.oneHot(tf.reshape(labels, [labels.size]), classes, 1, 0, 'float32') as tf.Tensor2D;
  return tf.cast(tf.reshape(tf.matMul(rows(truth), rows(predicted), true, false), [classes * classes]), 'int32');
}

/** A window of 3, a stride of 2, rounded up, of maps that are nowhere negative: the gradient of its own rounding up has the wrong shape. */
export function pooled(x: tf.Tensor4D): tf.Tensor4D {
  const beyond = (size: number): [number, number] => [1, size % 2 === 0 ? 2 : 1];
  const padded = tf.pad(x, [[0, 0], beyond(x.shape[1]), beyond(x.shape[2]), [0, 0]]);
  return tf.maxPool(padded, 3, 2, 'valid');
}

/** CutMix of images and labels by a mask that is made from boxes [batch, 4]: y1, x1, y2, x2. */
export function mixedByBoxes(
  inside: { readonly images: tf.Tensor4D; readonly labels: tf.Tensor3D },
  outside: { readonly images: tf.Tensor4D; readonly labels: tf.Tensor3D },
  boxes: tf.Tensor2D,
): tf.Tensor[] {
  const [batch, height, width] = inside.labels.shape;
  const [top, left, bottom, right] = tf.split(boxes, 4, 1).map((edge) => tf.reshape(edge, [batch, 1, 1])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const rows = tf.reshape(tf.range(0, height), [1, height, 1]);
  const columns = tf.reshape(tf.range(0, width), [1, 1, width]);
  const isInside = tf.logicalAnd(
    tf.logicalAnd(tf.greaterEqual(rows, top), tf.less(rows, bottom)),
    tf.logicalAnd(tf.greaterEqual(columns, left), tf.less(columns, right)),
  );
  return [
    tf.where(tf.tile(tf.expandDims(isInside, 3), [1, 1, 1, 3]), inside.images, outside.images),
    tf.where(isInside, inside.labels, outside.labels),
  ];
}

/** Contrast about the image's mean, saturation about the pixel's, offsets; columns of `factors` [batch, 6]. */
export function jittered(images: tf.Tensor4D, factors: tf.Tensor2D): tf.Tensor4D {
  const [batch] = images.shape;
  const [contrast, saturation, brightness, ...offsets] = tf.split(factors, 6, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    ...tf.Tensor[],
  ];
  const perImage = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch, 1, 1, x.size / batch]);
  const mean = tf.mean(images, [1, 2, 3], true);
  const contrasted = tf.add(tf.mul(tf.sub(images, mean), perImage(contrast)), mean);
  const grey = tf.mean(contrasted, 3, true);
  const saturated = tf.add(tf.mul(tf.sub(contrasted, grey), perImage(saturation)), grey);
  const shifted = tf.add(saturated, tf.add(perImage(brightness), perImage(tf.concat(offsets, 1))));
  return tf.clipByValue(shifted, -1.2, 1.2) as tf.Tensor4D;
}
