// Maximum pooling against TensorFlow.js’s.
import { both, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { maxPool } from './maxPool.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'max-pool 3/2, ceil',
    pass: 'both',
    open: ({ batch, height, width }) => maxPoolCase([batch, height / 2, width / 2, 64]),
  },
];

function maxPoolCase(shape: Shape4D): OpBenchCase {
  const [batch, height, width, channels] = shape;
  const x = uniformTensor(shape, 'x', 0, 1);
  const dy = uniformTensor([batch, Math.ceil((height - 1) / 2) + 1, Math.ceil((width - 1) / 2) + 1, channels], 'dy');
  return caseOf(shape, {
    ours: both((x) => maxPool(x as tf.Tensor4D, { kernel: 3, stride: 2, padding: 1, ceilMode: true }), [x], dy),
    stock: both((x) => pooled(x as tf.Tensor4D), [x], dy),
    operands: { x, dy },
    maps: 3.5,
  });
}

/** A window of 3, a stride of 2, rounded up, of maps that are nowhere negative: the gradient of its own rounding up has the wrong shape. */
function pooled(x: tf.Tensor4D): tf.Tensor4D {
  const beyond = (size: number): [number, number] => [1, size % 2 === 0 ? 2 : 1];
  const padded = tf.pad(x, [[0, 0], beyond(x.shape[1]), beyond(x.shape[2]), [0, 0]]);
  return tf.maxPool(padded, 3, 2, 'valid');
}
