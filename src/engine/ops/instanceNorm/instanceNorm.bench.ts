// Instance normalisation against TensorFlow.js’s composition.
import { both, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { instanceNorm } from './instanceNorm.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'instance norm',
    pass: 'both',
    open: ({ batch, height, width }) => instanceNormCase([batch, height / 2, width / 2, 24]),
  },
];

function instanceNormCase(shape: Shape4D): OpBenchCase {
  const x = uniformTensor(shape, 'x');
  const dy = uniformTensor(shape, 'dy');
  return caseOf(shape, {
    ours: both((x) => instanceNorm(x as tf.Tensor4D), [x], dy),
    stock: both((x) => instanceNormalise(x as tf.Tensor4D), [x], dy),
    operands: { x, dy },
    maps: 6,
  });
}

/** Per image and channel. */
function instanceNormalise(x: tf.Tensor4D): tf.Tensor4D {
  const { mean, variance } = tf.moments(x, [1, 2], true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}
