// Golden cases of operations on feature maps: padding, norms, activations, pooling, resizing.
import {
  leakyRelu,
  logSoftmax,
  relu,
  sigmoid,
  softmax,
  tanh,
} from '../../../src/engine/ops/activations/activations.ts';
import { adaptiveAvgPool } from '../../../src/engine/ops/avgPool/adaptiveAvgPool.ts';
import { batchNorm } from '../../../src/engine/ops/batchNorm/batchNorm.ts';
import { groupNorm } from '../../../src/engine/ops/groupNorm/groupNorm.ts';
import { statistics } from '../../../src/engine/ops/groupNorm/standardise.ts';
import { instanceNorm } from '../../../src/engine/ops/instanceNorm/instanceNorm.ts';
import { maxPool } from '../../../src/engine/ops/maxPool/maxPool.ts';
import { reflectPad } from '../../../src/engine/ops/reflectPad/reflectPad.ts';
import { resizeBilinear } from '../../../src/engine/ops/resizeBilinear/resizeBilinear.ts';
import { resizeNearest } from '../../../src/engine/ops/resizeNearest/resizeNearest.ts';
import * as tf from '../../../src/engine/tf.ts';
import { sidesOf } from './convolutions.ts';
import { differentiate } from './differentiate.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';

const unary =
  (compute: (x: tf.Tensor4D, golden: GoldenCase) => tf.Tensor): GoldenExecutor =>
  (golden) =>
    differentiate(golden, ['x'], (x) => compute(x as tf.Tensor4D, golden));

export const MAPS: Readonly<Record<string, GoldenExecutor>> = {
  reflect_pad: unary((x, golden) => reflectPad(x, sidesOf(golden))),
  batch_norm: runBatchNorm,
  instance_norm: unary((x, golden) => instanceNorm(x, { epsilon: golden.number('eps') })),
  group_norm: (golden) =>
    differentiate(golden, ['x', 'gamma', 'beta'], (x, gamma, beta) =>
      groupNorm(x as tf.Tensor4D, {
        groups: golden.number('groups'),
        gamma: gamma as tf.Tensor1D,
        beta: beta as tf.Tensor1D,
        epsilon: golden.number('eps'),
      }),
    ),
  relu: unary((x) => relu(x)),
  leaky_relu: unary((x, golden) => leakyRelu(x, golden.number('negative_slope'))),
  tanh: unary((x) => tanh(x)),
  sigmoid: unary((x) => sigmoid(x)),
  softmax: unary((x) => softmax(x)),
  log_softmax: unary((x) => logSoftmax(x)),
  max_pool2d: unary((x, golden) =>
    maxPool(x, {
      kernel: golden.pair('kernel'),
      stride: golden.pair('stride'),
      padding: golden.number('padding'),
      ceilMode: golden.attributes.ceil_mode === true,
    }),
  ),
  adaptive_avg_pool2d: unary((x, golden) => adaptiveAvgPool(x, golden.pair('output_size'))),
  resize_bilinear: unary((x, golden) =>
    resizeBilinear(x, golden.pair('out_size'), { alignCorners: golden.attributes.align_corners === true }),
  ),
  resize_nearest: (golden) => ({
    resized: resizeNearest(
      golden.tensor<tf.Tensor3D>('labels'),
      golden.pair('out_size'),
      golden.text('mode') === 'nearest' ? 'floor' : 'exact',
    ),
  }),
};

function runBatchNorm(golden: GoldenCase): GoldenResults {
  const running = {
    runningMean: tf.variable(golden.tensor('running_mean')),
    runningVariance: tf.variable(golden.tensor('running_var')),
  };
  const normalise = (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D) =>
    batchNorm(
      x,
      { gamma, beta, ...running },
      {
        mode: 'train',
        training: golden.attributes.training === true,
        epsilon: golden.number('eps'),
        ...(golden.attributes.momentum === undefined ? {} : { momentum: golden.number('momentum') }),
      },
    );
  const x = golden.tensor<tf.Tensor4D>('x');
  normalise(x, golden.tensor('gamma'), golden.tensor('beta'));
  const { runningMean, runningVariance } = running;
  const after = { running_mean_after: tf.clone(runningMean), running_var_after: tf.clone(runningVariance) };
  const { mean, variance } = statistics(x, [0, 1, 2]);
  const results = differentiate(golden, ['x', 'gamma', 'beta'], (x, gamma, beta) =>
    normalise(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D),
  );
  tf.dispose(running);
  return {
    ...results,
    ...after,
    batch_mean: mean,
    batch_var_biased: variance,
  };
}
