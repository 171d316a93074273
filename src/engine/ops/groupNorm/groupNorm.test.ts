import { describe, expect, it } from 'vitest';
import { describeOp, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import type { FusedActivation } from '../core/fusedActivation.ts';
import { affineReference, standardiseReference } from './groupNorm.reference.ts';
import { groupNorm } from './groupNorm.ts';
import { info } from './info.ts';

type Shape = readonly [number, number, number, number];
const EPSILON = 1e-5;

const groups: readonly [Shape, number][] = [
  [[2, 3, 5, 4], 2],
  [[1, 4, 4, 3], 1],
  [[3, 2, 3, 19], 19],
  [[1, 1, 2, 6], 3],
];

describeOp<'x' | 'gamma' | 'beta'>({
  name: 'groupNorm',
  tolerance: 'norm',
  differentiable: ['x', 'gamma', 'beta'],
  cases: groups.map(([x, count]) => ({
    name: `[${x}] in ${count} groups`,
    inputs: { x, gamma: [x[3]], beta: [x[3]] },
    run: (t) => groupNorm(t.x, { groups: count, gamma: t.gamma, beta: t.beta }),
    reference: (a) => {
      const groupOf = (n: number, c: number): number => n * count + Math.floor((c * count) / x[3]);
      return affineReference(standardiseReference(a.x, EPSILON, groupOf), a.gamma, a.beta);
    },
  })),
  refuses: {
    'groups that do not divide': () =>
      groupNorm(tf.zeros([1, 2, 2, 5]), { groups: 2, gamma: tf.zeros([5]), beta: tf.zeros([5]) }),
  },
});

// Slopes keep the finite differences smooth but where a value lies within 1e-5 of 0.
const fusions: readonly [Shape, FusedActivation, boolean][] = [
  [[2, 3, 5, 4], 'relu', false],
  [[2, 3, 5, 4], 'relu', true],
  [[1, 9, 15, 6], { leaky: 0.2 }, false],
  [[2, 4, 1, 70], { leaky: 0.2 }, true],
];
const slopeBelow = (activation: FusedActivation): number => (typeof activation === 'string' ? 0 : activation.leaky);

describeOp<'x' | 'gamma' | 'beta' | 'residual'>({
  name: 'groupNorm with residual and activation',
  tolerance: 'norm',
  differentiable: ['x', 'gamma', 'beta', 'residual'],
  cases: fusions.map(([x, activation, hasResidual]) => ({
    name: `[${x}] ${JSON.stringify(activation)}${hasResidual ? ', residual' : ''}`,
    inputs: { x, gamma: [x[3]], beta: [x[3]], ...(hasResidual ? { residual: x } : {}) } as Record<
      'x' | 'gamma' | 'beta' | 'residual',
      readonly number[]
    >,
    run: (t) =>
      groupNorm(t.x, {
        groups: 2,
        gamma: t.gamma,
        beta: t.beta,
        activation,
        ...(hasResidual ? { residual: t.residual } : {}),
      }),
    reference: (a) => {
      const groupOf = (n: number, c: number): number => n * 2 + Math.floor((c * 2) / x[3]);
      const { shape, data } = affineReference(standardiseReference(a.x, EPSILON, groupOf), a.gamma, a.beta);
      const sum = data.map((value, i) => value + (hasResidual ? a.residual.data[i]! : 0));
      return { shape, data: sum.map((value) => (value > 0 ? value : slopeBelow(activation) * value)) };
    },
  })),
  refuses: {
    'a residual of another shape': () =>
      groupNorm(tf.zeros([1, 2, 2, 4]), {
        groups: 2,
        gamma: tf.zeros([4]),
        beta: tf.zeros([4]),
        residual: tf.zeros([1, 2, 1, 4]),
      }),
  },
});

describe('groupNorm', () => {
  it('keeps its accuracy far from zero, over many chunks of pixels', async () => {
    const x = randomArray('far', [1, 70, 61, 3], [999, 1001]);
    const y = tf.tidy(() => groupNorm(toTensor(x), { groups: 1, gamma: tf.ones([3]), beta: tf.zeros([3]) }));
    const expected = standardiseReference(x, EPSILON, (n) => n).data;
    const values = await readValues(y);
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(1e-3 * largest); // float32 holds 1000 to 6e-5, the deviation is 0.58
    y.dispose();
  });
});

itCosts(info, [[2, 5, 6, 4], [4], [4]], ([x, gamma, beta]) =>
  groupNorm(x, { groups: 2, gamma, beta, activation: 'relu' }),
);
