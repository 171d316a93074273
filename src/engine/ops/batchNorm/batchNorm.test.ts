import { describe, expect, it } from 'vitest';
import { describeOp, expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import type { FusedActivation } from '../core/fusedActivation.ts';
import { affineReference, standardiseReference } from '../groupNorm/groupNorm.reference.ts';
import { type BatchNormMode, type BatchNormState, batchNorm } from './batchNorm.ts';

const EPSILON = 1e-5;

const slopeBelow = (activation: FusedActivation): number => (typeof activation === 'string' ? 0 : activation.leaky);

type Running = Pick<BatchNormState, 'runningMean' | 'runningVariance'>;
/** Calls `use` with running statistics of its own: means 0.5, variances 2. */
function withRunning<T>(channels: number, use: (running: Running) => T): T {
  const variable = (value: number): tf.Variable => tf.tidy(() => tf.variable(tf.fill([channels], value), false));
  const running = { runningMean: variable(0.5), runningVariance: variable(2) };
  try {
    return use(running);
  } finally {
    tf.dispose([running.runningMean, running.runningVariance]);
  }
}

const modes: readonly [BatchNormMode, FusedActivation, boolean][] = [
  ['train', 'none', false],
  ['train', 'relu', true],
  ['adaptsegnet', { leaky: 0.2 }, false],
  ['frozen', 'none', false],
  ['frozen', 'relu', true],
];

describeOp<'x' | 'gamma' | 'beta' | 'residual'>({
  name: 'batchNorm',
  tolerance: 'norm',
  differentiable: ['x', 'gamma', 'beta', 'residual'],
  cases: modes.map(([mode, activation, hasResidual]) => ({
    name: `${mode} ${JSON.stringify(activation)}${hasResidual ? ', residual' : ''}`,
    inputs: { x: [2, 3, 5, 3], gamma: [3], beta: [3], ...(hasResidual ? { residual: [2, 3, 5, 3] } : {}) } as Record<
      'x' | 'gamma' | 'beta' | 'residual',
      readonly number[]
    >,
    run: (t) =>
      withRunning(3, (running) =>
        batchNorm(
          t.x,
          { gamma: t.gamma, beta: t.beta, ...running },
          { mode, training: true, activation, ...(hasResidual ? { residual: t.residual } : {}) },
        ),
      ),
    reference: (a) => {
      const standard =
        mode === 'frozen'
          ? { shape: a.x.shape, data: a.x.data.map((value) => (value - 0.5) / Math.sqrt(2 + EPSILON)) }
          : standardiseReference(a.x, EPSILON, (_, c) => c);
      const { shape, data } = affineReference(standard, a.gamma, a.beta);
      const sum = data.map((value, i) => value + (hasResidual ? a.residual.data[i]! : 0));
      const slope = activation === 'none' ? 1 : slopeBelow(activation);
      return { shape, data: sum.map((value) => (value > 0 ? value : slope * value)) };
    },
  })),
  refuses: {
    'statistics of another length': () =>
      withRunning(4, (running) =>
        batchNorm(
          tf.zeros([1, 2, 2, 3]),
          { gamma: tf.zeros([3]), beta: tf.zeros([3]), ...running },
          { mode: 'train', training: true },
        ),
      ),
  },
});

describe('running statistics of batchNorm', () => {
  const x = randomArray('running statistics', [2, 3, 2, 1]);
  const update = (mode: BatchNormMode, training: boolean, follow = true) =>
    withRunning(1, (running) =>
      tf.tidy(() => {
        const state = { gamma: tf.ones([1]) as tf.Tensor1D, beta: tf.zeros([1]) as tf.Tensor1D, ...running };
        batchNorm(toTensor(x), state, { mode, training, follow });
        return tf.concat([running.runningMean, running.runningVariance]);
      }),
    );

  it.each(['adaptsegnet', 'train'] as const)('%s moves them by a tenth, the variance unbiased', async (mode) => {
    const mean = x.data.reduce((sum, value) => sum + value, 0) / 12;
    const unbiased = x.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 11;
    const moved = update(mode, true);
    expectClose(await readValues(moved), [0.9 * 0.5 + 0.1 * mean, 0.9 * 2 + 0.1 * unbiased], 'norm');
    moved.dispose();
  });

  it.each([
    ['frozen', true, true],
    ['train', false, true],
    ['train', true, false],
  ] as const)('%s with training %s and follow %s leaves them', async (mode, training, follow) => {
    const left = update(mode, training, follow);
    expect([...(await readValues(left))]).toEqual([0.5, 2]);
    left.dispose();
  });
});
