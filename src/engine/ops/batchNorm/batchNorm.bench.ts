// Batch normalisation with its running statistics against TensorFlow.js’s composition.
import { both, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { batchNorm } from './batchNorm.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'batch norm, ReLU',
    pass: 'both',
    open: ({ batch, height, width }) => batchNormCase([batch, height / 2, width / 2, 64]),
  },
];

function batchNormCase(shape: Shape4D): OpBenchCase {
  const channels = shape[3];
  const x = uniformTensor(shape, 'x');
  const gamma = uniformTensor([channels], 'gamma', 0.5, 1.5);
  const beta = uniformTensor([channels], 'beta');
  const dy = uniformTensor(shape, 'dy');
  const statistics = ['mean', 'variance'].map((name) => uniformTensor([channels], name, 0.5, 1));
  const [runningMean, runningVariance, mean, variance] = [...statistics, ...statistics].map((start) =>
    tf.variable(start),
  ) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const ours = both(
    (x, gamma, beta) => {
      const state = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, runningMean, runningVariance };
      return batchNorm(x as tf.Tensor4D, state, { mode: 'train', training: true, activation: 'relu' });
    },
    [x, gamma, beta],
    dy,
  );
  const stock = both(
    (x, gamma, beta) => {
      const { y, running } = batchNormalise(x as tf.Tensor4D, {
        ...{ gamma: gamma as tf.Tensor, beta: beta as tf.Tensor, mean, variance },
      });
      const [newMean, newVariance] = running as [tf.Tensor, tf.Tensor];
      mean.assign(newMean);
      variance.assign(newVariance);
      return tf.relu(y);
    },
    [x, gamma, beta],
    dy,
  );
  const [startMean, startVariance] = statistics as [tf.Tensor, tf.Tensor];
  const operands = { x, gamma, beta, dy, startMean, startVariance, runningMean, runningVariance, mean, variance };
  return caseOf(shape, { ours, stock, operands, maps: 6 });
}

/** Over pixels and batch, as in training; running statistics follow with momentum 0.1 and the unbiased variance. */
function batchNormalise(
  x: tf.Tensor4D,
  { gamma, beta, mean, variance }: Readonly<Record<'gamma' | 'beta' | 'mean' | 'variance', tf.Tensor>>,
): { readonly y: tf.Tensor4D; readonly running: tf.Tensor[] } {
  const moments = tf.moments(x, [0, 1, 2]);
  const count = x.size / x.shape[3];
  const follow = (running: tf.Tensor, batch: tf.Tensor, factor: number): tf.Tensor =>
    tf.add(tf.mul(running, 0.9), tf.mul(batch, 0.1 * factor));
  return {
    y: tf.batchNorm(
      x,
      moments.mean as tf.Tensor1D,
      moments.variance as tf.Tensor1D,
      beta as tf.Tensor1D,
      gamma as tf.Tensor1D,
      1e-5,
    ),
    running: [follow(mean, moments.mean, 1), follow(variance, moments.variance, count / (count - 1))],
  };
}
