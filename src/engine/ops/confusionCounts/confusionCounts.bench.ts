// Counts against a product of one-hot maps.
import { CLASSES, caseOf, labelsOf, type OpBench, type OpBenchCase } from '../../../testing/opBench.ts';
import * as tf from '../../tf.ts';
import { confusionCounts } from './confusionCounts.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'confusion counts',
    pass: 'forward',
    open: ({ batch, height, width }) => confusionCase([batch, height, width]),
  },
];

function confusionCase(shape: readonly [number, number, number]): OpBenchCase {
  const truth = labelsOf(shape, 'truth');
  const predicted = labelsOf(shape, 'predicted');
  return caseOf(shape, {
    ours: () => [confusionCounts(truth, predicted, CLASSES)],
    stock: () => [countPairs(truth, predicted, CLASSES)],
    operands: { truth, predicted },
    maps: 2,
    tolerance: 0,
  });
}

/** Rows are the truth; 255 has no row. */
function countPairs(truth: tf.Tensor3D, predicted: tf.Tensor3D, classes: number): tf.Tensor {
  const rows = (labels: tf.Tensor3D): tf.Tensor2D =>
    tf.oneHot(tf.reshape(labels, [labels.size]), classes, 1, 0, 'float32') as tf.Tensor2D;
  return tf.cast(tf.reshape(tf.matMul(rows(truth), rows(predicted), true, false), [classes * classes]), 'int32');
}
