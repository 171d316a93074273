// Optimisers against their recurrences in float64, over several steps and parameters of several shapes.
import { describe, expect, it } from 'vitest';
import { expectClose, expectInvariant, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { adamCorrections, adamUpdate } from './adamUpdate.ts';
import { emaRamp, emaUpdate } from './emaUpdate.ts';
import { flatSize, flatten, splitLike } from './flat.ts';
import { sgdUpdate } from './sgdUpdate.ts';

const SHAPES = [[3, 2], [4], [1, 1, 2, 3]] as const;
const STEPS = 4;
const gradientOf = (p: number, step: number) => randomArray(`gradient ${p} ${step}`, SHAPES[p]!);
const startOf = (p: number) => randomArray(`parameter ${p}`, SHAPES[p]!);

/** Runs `update` and compares each parameter with `recurrence`, which maps a start value and its gradients to the end value. */
async function compare(
  slotCount: number,
  update: (group: { parameters: tf.Variable[]; gradients: tf.Tensor[] }, slots: tf.Variable[], step: number) => void,
  recurrence: (start: number, gradients: readonly number[]) => number,
): Promise<void> {
  const before = tf.memory().numTensors;
  const parameters = SHAPES.map((_, p) => tf.tidy(() => tf.variable(toTensor(startOf(p)))));
  const slots = Array.from({ length: slotCount }, () =>
    tf.tidy(() => tf.variable(tf.zeros([flatSize(parameters)]), false)),
  );
  for (let step = 0; step < STEPS; step++) {
    const gradients = SHAPES.map((_, p) => toTensor(gradientOf(p, step)));
    update({ parameters, gradients }, slots, step);
    tf.dispose(gradients);
  }
  const values = await readAll(parameters);
  SHAPES.forEach((_, p) => {
    const gradients = Array.from({ length: STEPS }, (_, step) => gradientOf(p, step).data);
    const expected = startOf(p).data.map((start, k) =>
      recurrence(
        start,
        gradients.map((g) => g[k]!),
      ),
    );
    expectClose(values[p]!, expected, 'elementwise');
  });
  tf.dispose([...parameters, ...slots]);
  expect(tf.memory().numTensors).toBe(before);
}

describe('sgdUpdate', () => {
  const rate = (step: number): number => 0.1 / (step + 1);
  it.each([false, true])('follows the recurrence, Nesterov %s', async (nesterov) => {
    await compare(
      1,
      (group, [velocity], step) =>
        sgdUpdate(
          { ...group, velocity: velocity! },
          { learningRate: rate(step), momentum: 0.9, weightDecay: 0.01, nesterov },
        ),
      (start, gradients) => {
        let w = start;
        let v = 0;
        gradients.forEach((gradient, step) => {
          const g = gradient + 0.01 * w;
          v = 0.9 * v + g;
          w -= rate(step) * (nesterov ? g + 0.9 * v : v);
        });
        return w;
      },
    );
  });
});

describe('adamUpdate', () => {
  it.each([0, 0.1])('follows the recurrence, decoupled decay %s, its scalars on the GPU', async (weightDecay) => {
    const [beta1, beta2] = [0.9, 0.99];
    await compare(
      2,
      (group, [firstMoment, secondMoment], step) =>
        tf.tidy(() => {
          const { correction1, correction2 } = adamCorrections(step + 1, beta1, beta2);
          const scalars = {
            learningRate: tf.scalar(0.05),
            correction1: tf.scalar(correction1),
            correction2: tf.scalar(correction2),
          };
          adamUpdate(
            { ...group, firstMoment: firstMoment!, secondMoment: secondMoment! },
            { ...scalars, beta1, beta2, weightDecay },
          );
        }),
      (start, gradients) => {
        let [w, m, v] = [start, 0, 0];
        gradients.forEach((g, step) => {
          w *= 1 - 0.05 * weightDecay;
          m = beta1 * m + (1 - beta1) * g;
          v = beta2 * v + (1 - beta2) * g * g;
          w -= (0.05 * (m / (1 - beta1 ** (step + 1)))) / (Math.sqrt(v / (1 - beta2 ** (step + 1))) + 1e-8);
        });
        return w;
      },
    );
  });

  it('refuses gradients and slots of other sizes', () => {
    const parameter = tf.variable(tf.zeros([2]));
    const slot = tf.variable(tf.zeros([3]), false);
    const settings = { learningRate: 1, correction1: 1, correction2: 1, beta1: 0, beta2: 0 };
    const call = (gradients: tf.Tensor[]) => () =>
      adamUpdate({ parameters: [parameter], gradients, firstMoment: slot, secondMoment: slot }, settings);
    tf.tidy(() => {
      expectInvariant(call([]));
      expectInvariant(call([tf.zeros([1])]));
      expectInvariant(call([tf.zeros([2])]));
    });
    tf.dispose([parameter, slot]);
  });
});

describe('emaUpdate', () => {
  it('follows the recurrence', async () => {
    await compare(
      0,
      ({ parameters, gradients }, _, step) =>
        emaUpdate({ averages: parameters, values: gradients }, emaRamp(step, 0.6)),
      (start, values) =>
        values.reduce((average, value, step) => {
          const decay = [0, 0.5, 0.6, 0.6][step]!;
          return decay * average + (1 - decay) * value;
        }, start),
    );
  });
  it('ramps up to its cap', () => {
    const ramp = [0, 8, 98, 997, 4999].map((step) => emaRamp(step, 0.999));
    expect(ramp.map((decay) => Number(decay.toFixed(6)))).toEqual([0, 0.888889, 0.989899, 0.998998, 0.999]);
  });
});

describe('flat groups', () => {
  it('come apart as they were put together', async () => {
    const tensors = SHAPES.map((_, p) => toTensor(startOf(p)));
    const parts = tf.tidy(() => splitLike(flatten(tensors), tensors));
    expect(parts.map((part) => part.shape)).toEqual(SHAPES);
    expect(await readAll(parts)).toEqual(await readAll(tensors));
    tf.dispose([...parts, ...tensors]);
  });
});
