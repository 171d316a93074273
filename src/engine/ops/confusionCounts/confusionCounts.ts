// The confusion matrix of one batch, counted on the GPU in whole numbers; the host adds batches up in doubles.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { countPairs, MAX_COUNTED_CLASSES } from './countKernels.ts';

// float32 holds every whole number up to here: sums of ones are exact in any order.
const EXACT_BELOW = 2 ** 24;

/**
 * Counts of truth (rows) against prediction (columns), int32 [classes * classes]. Pixels whose truth is no class (255)
 * are left out, and so are predictions that are no class.
 * `truth`, `predicted`: int32 [batch, height, width].
 */
export function confusionCounts(truth: tf.Tensor3D, predicted: tf.Tensor3D, classes: number): tf.Tensor1D {
  const sizes = assertShape(truth, ['batch', 'height', 'width'], 'confusionCounts truth');
  assertShape(predicted, ['batch', 'height', 'width'], 'confusionCounts predicted', sizes);
  const [batch, height, width] = truth.shape;
  if (canRunPrograms() && classes <= MAX_COUNTED_CLASSES) return countPairs(truth, predicted, classes);
  invariant(
    truth.size < EXACT_BELOW,
    () => `confusionCounts: ${truth.size} pixels at once; at most ${EXACT_BELOW - 1}.`,
  );
  // Rows of zeros for every value that is no class. TensorFlow.js's bincount returns float bits as integers on WebGPU.
  const oneHot = (labels: tf.Tensor3D): tf.Tensor =>
    tf.reshape(tf.oneHot(labels, classes, 1, 0, 'float32'), [batch, height * width, classes]);
  const perImage = tf.matMul(oneHot(truth), oneHot(predicted), true, false);
  return tf.cast(tf.reshape(tf.sum(perImage, 0), [classes * classes]), 'int32');
}
