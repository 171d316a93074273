// Pixel-wise softmax cross-entropy on logits, with everything that segmentation training asks of it: ignored labels,
// class weights, temperature, a confidence mask, and the four ways of averaging found in the literature.

import { IGNORE } from '../../../domain/classes.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';

export interface PixelCrossEntropyOptions {
  /** Label that does not count; 255 unless said. Labels that are no class never count. */
  readonly ignore?: number;
  /** Cross-entropy of softmax(logits / temperature); the gradient is that of the unscaled logits. */
  readonly temperature?: number;
}
/**
 * What the sum over pixels is divided by. `valid`: pixels whose label counts (PyTorch's mean; FixMatch with a mask).
 * `kept`: valid pixels that the mask keeps. `weights`: the class weights of the kept pixels (PyTorch's weighted mean).
 * `pixels`: all of them (DACS; ignored pixels count as 0).
 */
export type CrossEntropyDivisor = 'valid' | 'kept' | 'weights' | 'pixels';
export interface CrossEntropyOptions extends PixelCrossEntropyOptions {
  readonly classWeights?: tf.Tensor1D;
  /** 0 or 1 per pixel [batch, height, width]; a constant. */
  readonly keep?: tf.Tensor3D;
  readonly divideBy?: CrossEntropyDivisor;
}

/**
 * Cross-entropy of `logits` [batch, height, width, classes] against `labels` (int32) [batch, height, width].
 * 0 with zero gradient where nothing counts (PyTorch: NaN).
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  options: CrossEntropyOptions = {},
): tf.Scalar {
  const { ignore = IGNORE, classWeights, keep, divideBy = 'valid' } = options;
  const perPixel = pixelCrossEntropy(logits, labels, options);
  const classes = logits.shape[3];
  if (classWeights !== undefined) assertShape(classWeights, [classes], 'softmaxCrossEntropy classWeights');
  if (keep !== undefined) assertShape(keep, labels.shape, 'softmaxCrossEntropy keep');
  const valid = validPixels(labels, classes, ignore);
  const kept = keep === undefined ? valid : tf.mul(valid, keep);
  const weights = classWeights === undefined ? kept : tf.mul(kept, weightOf(labels, classWeights));
  const total = tf.sum(tf.mul(perPixel, weights));
  if (divideBy === 'pixels') return tf.div(total, labels.size);
  const count = tf.sum({ valid, kept, weights }[divideBy]);
  // With nothing to count the total is 0 as well: 0 / 1.
  return tf.div(total, tf.add(count, tf.cast(tf.equal(count, 0), 'float32')));
}

/** Cross-entropy per pixel [batch, height, width]; 0 at ignored pixels. */
export function pixelCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { ignore = IGNORE, temperature = 1 }: PixelCrossEntropyOptions = {},
): tf.Tensor3D {
  const sizes = assertShape(logits, ['batch', 'height', 'width', 'classes'], 'crossEntropy logits');
  assertShape(labels, ['batch', 'height', 'width'], 'crossEntropy labels', sizes);
  const classes = logits.shape[3];
  const run = tf.customGrad((input, save) => {
    const scaled = temperature === 1 ? (input as tf.Tensor4D) : tf.div(input as tf.Tensor4D, temperature);
    const logProbabilities = tf.logSoftmax(scaled);
    // A row of zeros for every label that is no class, 255 among them.
    const truth = tf.oneHot(labels, classes, 1, 0, 'float32') as tf.Tensor4D;
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
  return tf.sum(tf.mul(tf.oneHot(labels, classes, 1, 0, 'float32'), classWeights), -1);
}
