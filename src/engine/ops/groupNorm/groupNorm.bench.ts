// Group normalisation against TensorFlow.js’s composition.
import { both, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { groupNorm } from './groupNorm.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'group norm, ReLU',
    pass: 'both',
    open: ({ batch, height, width }) => groupNormCase([batch, height / 2, width / 2, 12], false),
  },
  {
    name: 'group norm, residual, ReLU',
    pass: 'both',
    open: ({ batch, height, width }) => groupNormCase([batch, height / 8, width / 8, 48], true),
  },
];

function groupNormCase(shape: Shape4D, withResidual: boolean): OpBenchCase {
  const [batch, height, width, channels] = shape;
  const groups = Math.max(1, Math.floor(channels / 8));
  const x = uniformTensor(shape, 'x') as tf.Tensor4D;
  const gamma = uniformTensor([channels], 'gamma', 0.5, 1.5) as tf.Tensor1D;
  const beta = uniformTensor([channels], 'beta') as tf.Tensor1D;
  const residual = uniformTensor(shape, 'residual') as tf.Tensor4D;
  const dy = uniformTensor(shape, 'dy');
  const inputs = withResidual ? [x, gamma, beta, residual] : [x, gamma, beta];
  const ours = both(
    (x, gamma, beta, residual) =>
      groupNorm(x as tf.Tensor4D, {
        groups,
        gamma: gamma as tf.Tensor1D,
        beta: beta as tf.Tensor1D,
        activation: 'relu',
        ...(residual === undefined ? {} : { residual: residual as tf.Tensor4D }),
      }),
    inputs,
    dy,
  );
  const grouped: [number, number, number, number] = [batch, height * width, groups, channels / groups];
  const stock = both(
    (x, gamma, beta, residual) => {
      const y = groupNormalise(
        x as tf.Tensor4D,
        { gamma: gamma as tf.Tensor, beta: beta as tf.Tensor, epsilon: 1e-5 },
        grouped,
      );
      return tf.relu(residual === undefined ? y : tf.add(residual, y));
    },
    inputs,
    dy,
  );
  return caseOf(shape, { ours, stock, operands: { x, gamma, beta, residual, dy }, maps: withResidual ? 8 : 6 });
}

export function groupNormalise(
  x: tf.Tensor4D,
  { gamma, beta, epsilon }: { readonly gamma: tf.Tensor; readonly beta: tf.Tensor; readonly epsilon: number },
  grouped: [number, number, number, number],
): tf.Tensor4D {
  const z = tf.reshape(x, grouped);
  const { mean, variance } = tf.moments(z, [1, 3], true);
  const standard = tf.div(tf.sub(z, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(tf.reshape(standard, x.shape), gamma), beta);
}
