// Pixel-wise softmax cross-entropy on logits, with everything that segmentation training asks of it: ignored labels,
// class weights, temperature, a confidence mask, and the four ways of averaging found in the literature.

import { IGNORE } from '../../../domain/classes.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { composedCrossEntropy, composedPixelCrossEntropy } from './composedCrossEntropy.ts';
import { type CrossEntropyTerms, logitsGradient, meanLoss, pixelLosses } from './crossEntropyKernels.ts';
import type { CrossEntropyOptions, PixelCrossEntropyOptions } from './crossEntropyOptions.ts';

/**
 * Cross-entropy of `logits` [batch, height, width, classes] against `labels` (int32) [batch, height, width].
 * 0 with zero gradient where nothing counts (PyTorch: NaN).
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  options: CrossEntropyOptions = {},
): tf.Scalar {
  checkShapes(logits, labels);
  const { classWeights, keep, divideBy = 'valid' } = options;
  if (classWeights !== undefined) assertShape(classWeights, [logits.shape[3]], 'softmaxCrossEntropy classWeights');
  if (keep !== undefined) assertShape(keep, labels.shape, 'softmaxCrossEntropy keep');
  if (!canRunPrograms()) return composedCrossEntropy(logits, labels, options);
  const run = tf.customGrad((input, save) => {
    const terms = termsOf(input as tf.Tensor4D, labels, options);
    const [loss, perDivisor] = meanLoss(terms, divideBy);
    const constants = [terms.classWeights, terms.keep].filter((x) => x !== null);
    (save as tf.GradSaveFunc)([terms.logits, terms.labels, perDivisor, ...constants]);
    return {
      value: loss,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logits, labels, perDivisor, ...constants] = saved as [tf.Tensor4D, tf.Tensor3D, tf.Scalar];
        const classWeights = terms.classWeights === null ? null : (constants.shift() as unknown as tf.Tensor1D);
        const keep = terms.keep === null ? null : (constants.shift() as unknown as tf.Tensor3D);
        return logitsGradient({ ...terms, logits, labels, classWeights, keep }, dy, perDivisor);
      },
    };
  });
  return run(logits) as tf.Scalar;
}

/** Cross-entropy per pixel [batch, height, width]; 0 at ignored pixels. */
export function pixelCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  options: PixelCrossEntropyOptions = {},
): tf.Tensor3D {
  checkShapes(logits, labels);
  if (!canRunPrograms()) return composedPixelCrossEntropy(logits, labels, options);
  const run = tf.customGrad((input, save) => {
    const terms = termsOf(input as tf.Tensor4D, labels, options);
    (save as tf.GradSaveFunc)([terms.logits, terms.labels]);
    return {
      value: pixelLosses(terms),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logits, labels] = saved as [tf.Tensor4D, tf.Tensor3D];
        return logitsGradient({ ...terms, logits, labels }, dy, null);
      },
    };
  });
  return run(logits) as tf.Tensor3D;
}

function checkShapes(logits: tf.Tensor4D, labels: tf.Tensor3D): void {
  const sizes = assertShape(logits, ['batch', 'height', 'width', 'classes'], 'crossEntropy logits');
  assertShape(labels, ['batch', 'height', 'width'], 'crossEntropy labels', sizes);
}

function termsOf(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { ignore = IGNORE, temperature = 1, classWeights, keep }: CrossEntropyOptions,
): CrossEntropyTerms {
  return {
    logits,
    labels: tf.cast(labels, 'int32'),
    classWeights: classWeights ?? null,
    keep: keep === undefined ? null : tf.cast(keep, 'float32'),
    ignore,
    temperature,
  };
}
