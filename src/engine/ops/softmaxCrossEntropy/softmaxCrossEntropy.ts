// Pixel-wise softmax cross-entropy on logits, with everything that segmentation training asks of it: ignored labels,
// class weights, temperature, a confidence mask, and the four ways of averaging found in the literature.

import { IGNORE } from '../../../domain/classes.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';
import { composedCrossEntropy, composedPixelCrossEntropy } from './composedCrossEntropy.ts';
import { type CrossEntropyTensors, logitsGradient, meanLoss, pixelLosses } from './crossEntropyKernels.ts';
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
  const { ignore = IGNORE, temperature = 1 } = options;
  return withGradient(
    [logits],
    () => {
      const tensors = tensorsOf(logits, labels, options);
      const { loss, perDivisor } = meanLoss({ ...tensors, ignore, temperature }, divideBy);
      return { value: loss, kept: { ...tensors, perDivisor } };
    },
    (dy, { perDivisor, ...tensors }) => logitsGradient({ ...tensors, ignore, temperature }, dy, perDivisor),
  );
}

/** Cross-entropy per pixel [batch, height, width]; 0 at ignored pixels. */
export function pixelCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  options: PixelCrossEntropyOptions = {},
): tf.Tensor3D {
  checkShapes(logits, labels);
  if (!canRunPrograms()) return composedPixelCrossEntropy(logits, labels, options);
  const { ignore = IGNORE, temperature = 1 } = options;
  return withGradient(
    [logits],
    () => {
      const tensors = tensorsOf(logits, labels, {});
      return { value: pixelLosses({ ...tensors, ignore, temperature }), kept: tensors };
    },
    (dy, tensors) => logitsGradient({ ...tensors, ignore, temperature }, dy, null),
  );
}

function checkShapes(logits: tf.Tensor4D, labels: tf.Tensor3D): void {
  const sizes = assertShape(logits, ['batch', 'height', 'width', 'classes'], 'crossEntropy logits');
  assertShape(labels, ['batch', 'height', 'width'], 'crossEntropy labels', sizes);
}

function tensorsOf(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  { classWeights, keep }: CrossEntropyOptions,
): CrossEntropyTensors {
  return {
    logits,
    labels: tf.cast(labels, 'int32'),
    classWeights: classWeights ?? null,
    keep: keep === undefined ? null : tf.cast(keep, 'float32'),
  };
}
