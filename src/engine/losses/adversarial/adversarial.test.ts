// What discriminators are compared with, against the formulas.
import { describe, expect, it } from 'vitest';
import { meanOf, type NdArray, scalar } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readScalars } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { bceWithLogits, discriminatorLoss, lsgan } from './adversarial.ts';
import { info } from './info.ts';

const SHAPE = [1, 2, 3, 4] as const;
const shared = { tolerance: 'loss', refuses: {} } as const;

describeOp<'x'>({
  name: 'adversarial losses',
  ...shared,
  differentiable: ['x'],
  range: [-6, 6],
  cases: [
    ...([0, 1] as const).map((label) => ({
      name: `BCE against ${label}`,
      inputs: { x: SHAPE },
      run: (t: Record<'x', tf.Tensor>) => bceWithLogits(t.x, label),
      reference: (a: Record<'x', NdArray>) =>
        scalar(meanOf(a.x.data.map((x) => Math.log(1 + Math.exp(label === 1 ? -x : x))))),
    })),
    ...([0, 1] as const).map((label) => ({
      name: `LSGAN against ${label}`,
      inputs: { x: SHAPE },
      run: (t: Record<'x', tf.Tensor>) => lsgan(t.x, label),
      reference: (a: Record<'x', NdArray>) => scalar(meanOf(a.x.data.map((x) => (x - label) ** 2))),
    })),
    {
      name: 'BCE of a discriminator, 7 source scores of 24',
      inputs: { x: SHAPE },
      run: (t) => discriminatorLoss('bce', t.x, 7).loss,
      reference: (a) => {
        const mean = (part: Float64Array, sign: number) => meanOf(part.map((x) => Math.log(1 + Math.exp(sign * x))));
        return scalar(0.5 * (mean(a.x.data.slice(0, 7), 1) + mean(a.x.data.slice(7), -1)));
      },
    },
    {
      name: 'LSGAN of a discriminator, 100 scores',
      inputs: { x: [100] },
      run: (t) => discriminatorLoss('lsgan', t.x, 70).loss,
      reference: (a) => {
        const mean = (part: Float64Array, label: number) => meanOf(part.map((x) => (x - label) ** 2));
        return scalar(0.5 * (mean(a.x.data.slice(0, 70), 0) + mean(a.x.data.slice(70), 1)));
      },
    },
  ],
});

describe('adversarial losses', () => {
  it('tell how often a discriminator is right, and stay finite and exact for scores far out', async () => {
    const scalars = tf.tidy(() => {
      // Source scores -100 and 1, target scores 100, 100 and 0.4.
      const scores = tf.tensor1d([-100, 1, 100, 100, 0.4]);
      const { loss, accuracySource, accuracyTarget } = discriminatorLoss('bce', scores, 2);
      const { accuracyTarget: lsganTarget } = discriminatorLoss('lsgan', scores, 2);
      return { loss, accuracySource, accuracyTarget, lsganTarget, won: bceWithLogits(tf.tensor1d([9.5]), 1) };
    });
    const { loss, won, ...shares } = await readScalars(scalars);
    const expected = 0.25 * Math.log(1 + Math.exp(1)) + Math.log(1 + Math.exp(-0.4)) / 6;
    expect(loss).toBeCloseTo(expected, 5);
    expect(shares.accuracySource).toBe(0.5);
    expect(shares.accuracyTarget).toBe(1);
    expect(shares.lsganTarget).toBeCloseTo(2 / 3, 6);
    expect(won / Math.log1p(Math.exp(-9.5))).toBeCloseTo(1, 4);
    tf.dispose(scalars);
  });
});

itCosts(info, [[2, 3, 4, 1]], ([scores]) => discriminatorLoss('bce', scores, 7).loss);
