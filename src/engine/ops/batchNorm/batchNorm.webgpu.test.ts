// What batch normalisation costs, and that it changes its statistics in place.
import { expect, it } from 'vitest';
import { dispatchesOf, filled } from '../../../testing/opDispatches.ts';
import * as tf from '../../tf.ts';
import type { FusedActivation } from '../core/fusedActivation.ts';
import { batchNorm } from './batchNorm.ts';
import { info } from './info.ts';

const MAP = [2, 5, 6, 4] as const;
const { forward, back } = info.dispatches;

it.each([
  ['train', forward, forward + back],
  ['adaptsegnet', forward, forward + back],
  ['frozen', 1, 3],
] as const)(
  'batchNorm, %s: %d dispatches forward, %d with the gradient, statistics included, no buffer changed',
  (mode, once, both) => {
    const [x, residual, dy] = [filled(MAP), filled(MAP), filled(MAP)];
    const [gamma, beta, runningMean, runningVariance] = [filled([4]), filled([4]), filled([4]), filled([4])];
    const activation: FusedActivation = 'relu';
    const normalise = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, residual: tf.Tensor): tf.Tensor =>
      batchNorm(
        x as tf.Tensor4D,
        { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, runningMean, runningVariance },
        { mode, training: true, activation, residual: residual as tf.Tensor4D },
      );
    const statistics = [runningMean.dataId, runningVariance.dataId];
    expect(dispatchesOf(() => normalise(x, gamma, beta, residual))).toBe(once);
    expect(dispatchesOf(() => tf.grads(normalise)([x, gamma, beta, residual], dy))).toBe(both);
    expect([runningMean.dataId, runningVariance.dataId]).toEqual(statistics);
    tf.dispose([x, residual, dy, gamma, beta, runningMean, runningVariance]);
  },
);
