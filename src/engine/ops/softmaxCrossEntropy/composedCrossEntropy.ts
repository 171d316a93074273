// Cross-entropy put together from TensorFlow.js's operations: for backends without WGSL.
import { IGNORE } from '../../../domain/classes.ts';
import * as tf from '../../tf.ts';
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
  const run = tf.customGrad((input, save) => {
    const scaled = temperature === 1 ? (input as tf.Tensor4D) : tf.div(input as tf.Tensor4D, temperature);
    const logProbabilities = tf.logSoftmax(scaled);
    // A row of zeros for every label that is no class, 255 among them.
    const truth = oneHot(labels, classes);
    const counted =
      ignore < classes ? tf.mul(truth, tf.expandDims<tf.Tensor4D>(validPixels(labels, classes, ignore), 3)) : truth;
    (save as tf.GradSaveFunc)([logProbabilities, counted]);
    return {
      value: tf.neg(tf.sum(tf.mul(counted, logProbabilities), -1)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logProbabilities, counted] = saved as [tf.Tensor4D, tf.Tensor4D];
        const upstream = tf.expandDims(temperature === 1 ? dy : tf.div(dy, temperature), 3);
        const isCounted = tf.sum(counted, -1, true);
        return tf.mul(tf.sub(tf.mul(tf.exp(logProbabilities), isCounted), counted), upstream);
      },
    };
  });
  return run(logits) as tf.Tensor3D;
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
  if (classes > 1) return tf.oneHot(labels, classes, 1, 0, 'float32') as tf.Tensor4D;
  return tf.expandDims(tf.cast(tf.equal(labels, tf.scalar(0, 'int32')), 'float32'), 3);
}
