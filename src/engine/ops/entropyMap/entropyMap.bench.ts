// The entropy map against TensorFlow.js’s composition.
import { both, CLASSES, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { entropyMap } from './entropyMap.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'entropy map',
    pass: 'both',
    open: ({ batch, height, width }) => entropyCase([batch, height, width, CLASSES]),
  },
];

function entropyCase(shape: Shape4D): OpBenchCase {
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  const dy = uniformTensor(shape, 'dy') as tf.Tensor4D;
  return caseOf(shape, {
    ours: both((z) => entropyMap(z as tf.Tensor4D), [logits], dy),
    stock: both((z) => entropyOf(z as tf.Tensor4D), [logits], dy),
    operands: { logits, dy },
    maps: 5,
  });
}

/** Self-information, normalised by the logarithm of the number of classes. */
function entropyOf(logits: tf.Tensor4D): tf.Tensor4D {
  const logProbabilities = tf.logSoftmax(logits);
  return tf.mul(tf.mul(tf.exp(logProbabilities), logProbabilities), -1 / Math.log(logits.shape[3]));
}
