// What every fused operation costs on WebGPU: dispatches forward, and forward and back together.
import { describe, expect, it } from 'vitest';
import { dispatchCount } from '../gpu/dispatchCount.ts';
import * as tf from '../tf.ts';
import { batchNorm } from './batchNorm/batchNorm.ts';
import { concatChannels } from './concatChannels/concatChannels.ts';
import { conv2d } from './conv2d/conv2d.ts';
import type { FusedActivation } from './core/fusedActivation.ts';
import { entropyMap } from './entropyMap/entropyMap.ts';
import { groupNorm } from './groupNorm/groupNorm.ts';
import { instanceNorm } from './instanceNorm/instanceNorm.ts';
import { maxPool } from './maxPool/maxPool.ts';
import { mixBoxes, mixClasses } from './mix/mixRegions.ts';
import { sgdUpdate } from './optimise/sgdUpdate.ts';
import { resizeBilinear } from './resizeBilinear/resizeBilinear.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { unpackImages } from './unpackBytes/unpackBytes.ts';

/** Dispatches of `run` once everything is on the GPU. */
function dispatchesOf(run: () => unknown): number {
  tf.tidy(() => void run());
  const before = dispatchCount();
  tf.tidy(() => void run());
  return dispatchCount() - before;
}

const MAP = [2, 5, 6, 4] as const;
const uploaded = (shape: readonly number[], value = 0.5): tf.Variable =>
  tf.tidy(() => tf.variable(tf.fill([...shape], value)));

describe('batchNorm', () => {
  it.each([
    ['train', 2, 4],
    ['adaptsegnet', 2, 4],
    ['frozen', 1, 3],
  ] as const)(
    '%s: %d dispatches forward, %d with the gradient, statistics included, no buffer changed',
    (mode, forward, both) => {
      const [x, residual, dy] = [uploaded(MAP), uploaded(MAP), uploaded(MAP)];
      const [gamma, beta, runningMean, runningVariance] = [uploaded([4]), uploaded([4]), uploaded([4]), uploaded([4])];
      const activation: FusedActivation = 'relu';
      const normalise = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, residual: tf.Tensor): tf.Tensor =>
        batchNorm(
          x as tf.Tensor4D,
          { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, runningMean, runningVariance },
          { mode, training: true, activation, residual: residual as tf.Tensor4D },
        );
      const statistics = [runningMean.dataId, runningVariance.dataId];
      expect(dispatchesOf(() => normalise(x, gamma, beta, residual))).toBe(forward);
      expect(dispatchesOf(() => tf.grads(normalise)([x, gamma, beta, residual], dy))).toBe(both);
      expect([runningMean.dataId, runningVariance.dataId]).toEqual(statistics);
      tf.dispose([x, residual, dy, gamma, beta, runningMean, runningVariance]);
    },
  );
});

const labels = (): tf.Variable => tf.tidy(() => tf.variable(tf.fill([...MAP.slice(0, 3)], 1, 'int32')));

/** Operations on maps [2, 5, 6, 4] and what else they take, with dispatches forward, and with the gradient to all of it. */
const fused: readonly [name: string, others: readonly (readonly number[])[], Run, forward: number, both: number][] = [
  ['groupNorm', [[4], [4]], ([x, gamma, beta]) => groupNorm(x, { groups: 2, gamma, beta, activation: 'relu' }), 2, 4],
  ['instanceNorm', [[...MAP]], ([x, residual]) => instanceNorm(x, { residual }), 2, 4],
  [
    'resizeBilinear',
    [[2, 10, 12, 4]],
    ([x, added]) => resizeBilinear(x, [10, 12], { alignCorners: false, added }),
    1,
    2,
  ],
  ['maxPool', [], ([x]) => maxPool(x, { kernel: 3, stride: 2, padding: 1, ceilMode: true }), 1, 2],
  ['concatChannels', [[...MAP], [2, 5, 6, 3]], (parts) => concatChannels(parts), 1, 2],
  ['entropyMap', [], ([x]) => entropyMap(x), 1, 2],
];
/** Each knows the ranks of what it was given shapes of. */
type Run = (inputs: readonly [never, never, never]) => tf.Tensor;

describe('fused operations', () => {
  it('conv2d: bias and activation in the convolution, one dispatch more for their gradient', () => {
    const [x, filter, bias, dy] = [uploaded(MAP), uploaded([3, 3, 4, 4]), uploaded([4]), uploaded(MAP)];
    const convolve =
      (activation: FusedActivation) =>
      (x: tf.Tensor): tf.Tensor =>
        conv2d(x as tf.Tensor4D, filter as tf.Tensor as tf.Tensor4D, {
          padding: 1,
          bias: bias as tf.Tensor as tf.Tensor1D,
          activation,
        });
    const [plain, rectifying] = [convolve('none'), convolve({ leaky: 0.2 })];
    expect(dispatchesOf(() => rectifying(x))).toBe(1);
    const back = (run: (x: tf.Tensor) => tf.Tensor): number => dispatchesOf(() => tf.grad(run)(x, dy));
    expect(back(rectifying)).toBe(back(plain) + 1);
    tf.dispose([x, filter, bias, dy]);
  });

  it.each(fused)('%s', (_, others, compute, forward, both) => {
    const run = (xs: readonly tf.Tensor[]): tf.Tensor => compute(xs as never);
    const inputs = [MAP, ...others].map((shape) => uploaded(shape));
    expect(dispatchesOf(() => run(inputs))).toBe(forward);
    const dy = tf.tidy(() => tf.variable(run(inputs)));
    expect(dispatchesOf(() => tf.grads((...xs: tf.Tensor[]) => run(xs))(inputs, dy))).toBe(both);
    tf.dispose([...inputs, dy]);
  });

  it('cross-entropy', () => {
    const [logits, truth, dy] = [uploaded(MAP), labels(), uploaded([])];
    const loss = (x: tf.Tensor): tf.Tensor => softmaxCrossEntropy(x as tf.Tensor4D, truth as tf.Tensor as tf.Tensor3D);
    expect(dispatchesOf(() => loss(logits))).toBe(2);
    expect(dispatchesOf(() => tf.grad(loss)(logits, dy))).toBe(3);
    tf.dispose([logits, truth, dy]);
  });

  it('mixing, unpacking, optimisers', () => {
    const images = uploaded(MAP) as tf.Tensor as tf.Tensor4D;
    const truth = labels() as tf.Tensor as tf.Tensor3D;
    const pair = { images, labels: truth };
    const [boxes, chosen] = [uploaded([2, 4]), uploaded([2, 19])] as tf.Tensor[] as [tf.Tensor2D, tf.Tensor2D];
    expect(dispatchesOf(() => mixBoxes(pair, pair, boxes))).toBe(1);
    expect(dispatchesOf(() => mixClasses(pair, pair, chosen))).toBe(1);
    const packed = tf.tidy(() => tf.variable(tf.fill([45], 7, 'int32'))) as tf.Tensor as tf.Tensor1D;
    expect(dispatchesOf(() => unpackImages(packed, [2, 5, 6]))).toBe(1);
    const [parameters, gradients] = [0, 1].map(() => [uploaded([3, 3]), uploaded([5]), uploaded([2])]) as [
      tf.Variable[],
      tf.Variable[],
    ];
    const velocity = uploaded([16]);
    const rate = uploaded([]) as tf.Tensor as tf.Scalar;
    const settings = { learningRate: rate, momentum: 0.9, weightDecay: 0 };
    expect(dispatchesOf(() => sgdUpdate({ parameters, gradients, velocity }, settings))).toBe(1);
    tf.dispose([images, truth, boxes, chosen, packed, ...parameters, ...gradients, velocity, rate]);
  });
});
