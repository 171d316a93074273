// Optimisers on any number of tensors, against their recurrences in float64.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { adamCorrections, adamUpdate } from './adamUpdate.ts';
import { emaUpdate } from './emaUpdate.ts';
import { flatSize } from './flat.ts';
import { info } from './info.ts';
import { sgdUpdate } from './sgdUpdate.ts';

const RUNS = 8;
const seeds = fc.integer({ min: 0, max: 1000 });

describe('optimisers on any number of tensors', () => {
  const groups = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 23 });
  const STEPS = 2;
  /** Weights and gradients are drawn from -1 to 1. */
  const LARGEST_TERM = 1;

  /** Runs `update` twice on tensors of `sizes`, and compares each value with `recurrence`. */
  async function check(
    sizes: readonly number[],
    seed: number,
    slotCount: number,
    update: (parameters: tf.Variable[], gradients: tf.Tensor[], slots: tf.Variable[], step: number) => void,
    recurrence: (start: number, gradients: readonly number[]) => number,
  ): Promise<void> {
    const start = sizes.map((size, k) => randomArray(`start ${k} ${seed}`, [size]));
    const gradients = Array.from({ length: STEPS }, (_, step) =>
      sizes.map((size, k) => randomArray(`gradient ${k} ${step} ${seed}`, [size])),
    );
    const parameters = start.map((array) => tf.tidy(() => tf.variable(toTensor(array))));
    const slots = Array.from({ length: slotCount }, () =>
      tf.tidy(() => tf.variable(tf.zeros([flatSize(parameters)]), false)),
    );
    gradients.forEach((arrays, step) => {
      tf.tidy(() =>
        update(
          parameters,
          arrays.map((array) => toTensor(array)),
          slots,
          step,
        ),
      );
    });
    const values = await readAll(parameters);
    tf.dispose([...parameters, ...slots]);
    for (const [k, { data }] of start.entries()) {
      const expected = data.map((w, i) =>
        recurrence(
          w,
          gradients.map((arrays) => arrays[k]!.data[i]!),
        ),
      );
      expectClose(values[k]!, expected, 'elementwise', LARGEST_TERM);
    }
  }

  it('Adam with decoupled decay', async () => {
    await fc.assert(
      fc.asyncProperty(groups, seeds, async (sizes, seed) => {
        const [beta1, beta2, rate, weightDecay] = [0.9, 0.99, 0.02, 0.1];
        await check(
          sizes,
          seed,
          2,
          (parameters, gradients, [firstMoment, secondMoment], step) =>
            adamUpdate(
              { parameters, gradients, firstMoment: firstMoment!, secondMoment: secondMoment! },
              {
                learningRate: rate,
                ...adamCorrections(step + 1, beta1, beta2),
                beta1,
                beta2,
                epsilon: 1e-3,
                weightDecay,
              },
            ),
          (start, gradients) => {
            let [w, m, v] = [start, 0, 0];
            gradients.forEach((g, step) => {
              m = beta1 * m + (1 - beta1) * g;
              v = beta2 * v + (1 - beta2) * g * g;
              const direction = m / (1 - beta1 ** (step + 1)) / (Math.sqrt(v / (1 - beta2 ** (step + 1))) + 1e-3);
              w -= rate * (direction + weightDecay * w);
            });
            return w;
          },
        );
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('SGD with momentum and decay', async () => {
    await fc.assert(
      fc.asyncProperty(groups, fc.boolean(), seeds, async (sizes, nesterov, seed) => {
        const [learningRate, momentum, weightDecay] = [0.1, 0.9, 0.05];
        await check(
          sizes,
          seed,
          1,
          (parameters, gradients, [velocity]) =>
            sgdUpdate(
              { parameters, gradients, velocity: velocity! },
              { learningRate, momentum, weightDecay, nesterov },
            ),
          (start, gradients) => {
            let [w, v] = [start, 0];
            for (const gradient of gradients) {
              const g = gradient + weightDecay * w;
              v = momentum * v + g;
              w -= learningRate * (nesterov ? g + momentum * v : v);
            }
            return w;
          },
        );
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('averages of weights', async () => {
    await fc.assert(
      fc.asyncProperty(groups, fc.constantFrom(0, 0.5, 0.99), seeds, async (sizes, decay, seed) => {
        await check(
          sizes,
          seed,
          0,
          (averages, values) => emaUpdate({ averages, values }, decay),
          (start, values) => values.reduce((average, value) => decay * average + (1 - decay) * value, start),
        );
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

const settings = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };
itCosts(
  info,
  [[3, 3], [3, 3], [9]],
  ([parameter, gradient, velocity]) =>
    sgdUpdate({ parameters: [parameter], gradients: [gradient], velocity }, settings),
  'sgdUpdate',
);
itCosts(
  info,
  [
    [3, 3],
    [3, 3],
  ],
  ([average, value]) => emaUpdate({ averages: [average], values: [value] }, 0.9),
  'emaUpdate',
);
