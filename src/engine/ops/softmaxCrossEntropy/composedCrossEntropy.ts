// Cross-entropy put together from TensorFlow.js's operations: for backends without WGSL.
import { IGNORE } from '../../../domain/classes.ts';
import * as tf from '../../tf.ts';
import { withGradient } from '../core/withGradient.ts';
import type { CrossEntropyOptions, PixelCrossEntropyOptions } from './crossEntropyOptions.ts';

/** As `softmaxCrossEntropy`, whose shapes are checked. */
export function composedCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  options: CrossEntropyOptions,
): tf.Scalar {
  const { ignore = IGNORE, classWeights, keep, divideBy = 'valid' } = options;
  const perPixel = composedPixelCrossEntropy(logits, labels, options);
  const classes = logits.shape[3];
  const valid = validPixels(labels, classes, ignore);
  const kept = keep === undefined ? valid : tf.mul(valid, keep);
  const weights = classWeights === undefined ? kept : tf.mul(kept, weightOf(labels, classWeights));
  const total = tf.sum(tf.mul(perPixel, weights));
  if (divideBy === 'pixels') return tf.div(total, labels.size);
  const count = tf.sum({ valid, kept, weights }[divideBy]);
  // With nothing to count the total is 0 as well: 0 / 1.
  return tf.div(total, tf.add(count, tf.cast(tf.equal(count, 0), 'float32')));
}

/** As `pixelCrossEntropy`. */
export function composedPixelCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { ignore = IGNORE, temperature = 1 }: PixelCrossEntropyOptions,
): tf.Tensor3D {
  const classes = logits.shape[3];
  return withGradient(
    [logits],
    () => {
      const scaled = temperature === 1 ? logits : tf.div<tf.Tensor4D>(logits, temperature);
      const logProbabilities: tf.Tensor4D = tf.logSoftmax(scaled);
      // A row of zeros for every label that is no class, 255 among them.
      const truth = oneHot(labels, classes);
      const counted =
        ignore < classes ? tf.mul(truth, tf.expandDims<tf.Tensor4D>(validPixels(labels, classes, ignore), 3)) : truth;
      const value: tf.Tensor3D = tf.neg(tf.sum(tf.mul(counted, logProbabilities), -1));
      return { value, kept: { logProbabilities, counted } };
    },
    (dy, { logProbabilities, counted }) => {
      const upstream = tf.expandDims(temperature === 1 ? dy : tf.div(dy, temperature), 3);
      const isCounted = tf.sum(counted, -1, true);
      return tf.mul(tf.sub(tf.mul(tf.exp(logProbabilities), isCounted), counted), upstream);
    },
  );
}

/** 1 where the label is a class and not the ignored one. */
function validPixels(labels: tf.Tensor3D, classes: number, ignore: number): tf.Tensor3D {
  const isClass: tf.Tensor3D = tf.cast(tf.less(labels, tf.scalar(classes, 'int32')), 'float32');
  if (ignore >= classes) return isClass;
  return tf.mul<tf.Tensor3D>(isClass, tf.cast(tf.notEqual(labels, tf.scalar(ignore, 'int32')), 'float32'));
}

/** Class weight of every pixel; 0 where the label is no class. One-hot times weights: no gather, no data-dependent shape. */
function weightOf(labels: tf.Tensor3D, classWeights: tf.Tensor1D): tf.Tensor3D {
  const [classes] = classWeights.shape;
  return tf.sum(tf.mul(oneHot(labels, classes), classWeights), -1);
}

/** TensorFlow.js's own wants two classes at least. */
function oneHot(labels: tf.Tensor3D, classes: number): tf.Tensor4D {
  if (classes > 1) return tf.reshape(tf.oneHot(labels, classes, 1, 0, 'float32'), [...labels.shape, classes]);
  return tf.expandDims(tf.cast(tf.equal(labels, tf.scalar(0, 'int32')), 'float32'), 3);
}
