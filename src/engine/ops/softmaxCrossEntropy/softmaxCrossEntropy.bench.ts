// Weighted cross-entropy against TensorFlow.js’s composition.
import {
  both,
  CLASSES,
  caseOf,
  labelsOf,
  type OpBench,
  type OpBenchCase,
  type Shape4D,
} from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'cross-entropy',
    pass: 'both',
    open: ({ batch, height, width }) => crossEntropyCase([batch, height, width, CLASSES]),
  },
];

function crossEntropyCase(shape: Shape4D): OpBenchCase {
  const [batch, height, width, classes] = shape;
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  const labels = labelsOf([batch, height, width], 'labels');
  const classWeights = uniformTensor([classes], 'weights', 0.35, 4) as tf.Tensor1D;
  const dy = tf.scalar(1);
  return caseOf(shape, {
    ours: both(
      (z) => softmaxCrossEntropy(z as tf.Tensor4D, labels, { classWeights, divideBy: 'weights' }),
      [logits],
      dy,
    ),
    stock: both((z) => weightedCrossEntropy(z as tf.Tensor4D, labels, classWeights), [logits], dy),
    operands: { logits, labels, classWeights, dy },
    maps: 3,
  });
}

/** Cross-entropy with class weights, as PyTorch averages it: over the weights of the counted pixels. 255 is in no row of the one-hot map. */
export function weightedCrossEntropy(logits: tf.Tensor4D, labels: tf.Tensor3D, classWeights: tf.Tensor1D): tf.Scalar {
  const [classes] = classWeights.shape;
  const weights = tf.mul(tf.oneHot(labels, classes), classWeights);
  return tf.neg(tf.div(tf.sum(tf.mul(weights, tf.logSoftmax(logits))), tf.sum(weights)));
}
