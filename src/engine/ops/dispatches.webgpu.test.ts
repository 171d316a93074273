// What every fused operation costs on WebGPU: dispatches forward, and forward and back together.
import { describe, expect, it } from 'vitest';
import { dispatchCount } from '../gpu/dispatchCount.ts';
import * as tf from '../tf.ts';
import { batchNorm } from './batchNorm/batchNorm.ts';
import type { FusedActivation } from './fusedActivation.ts';

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
