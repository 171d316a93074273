// Entropy, decisions, counts, optimisers and pooling of any shape, against float64.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { map, type NdArray, sizeOf } from '../../testing/ndArray.ts';
import { expectClose, randomArray, toTensor } from '../../testing/opContract.ts';
import { readAll } from '../gpu/readback.ts';
import * as tf from '../tf.ts';
import { argmaxConfidence, confidenceMask } from './argmaxConfidence/argmaxConfidence.ts';
import { confusionCounts } from './confusionCounts/confusionCounts.ts';
import { logSoftmaxReference } from './core/softmax.reference.ts';
import { entropyMap } from './entropyMap/entropyMap.ts';
import { maxPoolGradientReference, maxPoolReference } from './maxPool/maxPool.reference.ts';
import { maxPool } from './maxPool/maxPool.ts';
import { adamCorrections, adamUpdate } from './optimise/adamUpdate.ts';
import { emaUpdate } from './optimise/emaUpdate.ts';
import { flatSize } from './optimise/flat.ts';
import { sgdUpdate } from './optimise/sgdUpdate.ts';

const RUNS = 8;
const side = fc.integer({ min: 1, max: 9 });
const batch = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

/** Reads the results and disposes of them. */
async function valuesOf(run: () => tf.Tensor[]): Promise<(Float32Array | Int32Array)[]> {
  const results = tf.tidy(run);
  const values = await readAll(results);
  tf.dispose(results);
  return values;
}

it('entropy maps have the value and the gradient of their formula', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(batch, side, side, fc.constantFrom(2, 3, 19)), seeds, async (shape, seed) => {
      const classes = shape[3];
      const logits = randomArray(`logits ${seed}`, shape, [-6, 6]);
      const upstream = randomArray(`upstream ${seed}`, shape);
      const [value, gradient] = await valuesOf(() => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => entropyMap(x as tf.Tensor4D))(
          toTensor(logits),
          toTensor(upstream),
        );
        return [value, grad];
      });
      const logP = logSoftmaxReference(logits);
      expectClose(value!, map(logP, (l) => (-Math.exp(l) * l) / Math.log(classes)).data, 'loss');
      // d(-p log p)/dz_k = -(log p + 1) p (delta - p_k), summed over the classes with their upstream.
      const term = map(logP, (l, i) => (-(l + 1) * Math.exp(l) * upstream.data[i]!) / Math.log(classes)).data;
      const slopes = map(logP, (l, i) => {
        const first = i - (i % classes);
        const total = term.subarray(first, first + classes).reduce((sum, t) => sum + t, 0);
        return term[i]! - Math.exp(l) * total;
      });
      expectClose(gradient!, slopes.data, 'loss');
    }),
    { numRuns: RUNS },
  );
});

it('decisions are the first largest class, with its probability', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(batch, side, side, fc.constantFrom(1, 3, 19)),
      fc.constantFrom(0.5, 1, 2),
      seeds,
      async (shape, temperature, seed) => {
        const classes = shape[3];
        // Whole numbers tie often.
        const logits = map(randomArray(`logits ${seed}`, shape, [-4, 4]), Math.round);
        const threshold = 0.5;
        const [chosen, confidence, mask] = await valuesOf(() => {
          const { classes, confidence } = argmaxConfidence(toTensor(logits), temperature);
          return [classes, confidence, confidenceMask(toTensor(logits), threshold, temperature)];
        });
        const rows = Array.from({ length: sizeOf(shape) / classes }, (_, pixel) => pixel * classes);
        const best = rows.map((first) => {
          const row = [...logits.data.subarray(first, first + classes)];
          return row.indexOf(Math.max(...row));
        });
        const logP = logSoftmaxReference(logits, temperature).data;
        const sure = rows.map((first, pixel) => Math.exp(logP[first + best[pixel]!]!));
        expect([...chosen!]).toEqual(best);
        expectClose(confidence!, sure, 'elementwise');
        const isClear = (p: number): boolean => Math.abs(p - threshold) > 1e-4;
        expect([...mask!].filter((_, i) => isClear(sure[i]!))).toEqual(
          sure.filter(isClear).map((p) => (p >= threshold ? 1 : 0)),
        );
      },
    ),
    { numRuns: RUNS },
  );
});

it('confusion counts are those of a loop', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(batch, side, side), fc.constantFrom(2, 3, 19), seeds, async (shape, classes, seed) => {
      const draw = (key: string): number[] =>
        [...randomArray(`${key} ${seed}`, shape, [0, classes + 1]).data].map((v) =>
          v < classes ? Math.floor(v) : 255,
        );
      const truth = draw('truth');
      const predicted = draw('predicted');
      const onBackend = (labels: number[]): tf.Tensor3D => tf.tensor3d(labels, shape, 'int32');
      const [counts] = await valuesOf(() => [confusionCounts(onBackend(truth), onBackend(predicted), classes)]);
      const expected = new Array<number>(classes * classes).fill(0);
      truth.forEach((label, i) => {
        if (label < classes && predicted[i]! < classes) expected[label * classes + predicted[i]!]! += 1;
      });
      expect([...counts!]).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
});

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

it('maximum pooling is exact, ties included, either way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(batch, side, side, fc.constantFrom(1, 3, 19)),
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      fc.boolean(),
      seeds,
      async (shape, kernel, stride, shares, ceilMode, seed) => {
        const [top, left] = [Math.floor((shares[0] * kernel[0]) / 2), Math.floor((shares[1] * kernel[1]) / 2)];
        const padding = { top, bottom: top, left, right: left };
        fc.pre(shape[1] + 2 * top >= kernel[0] && shape[2] + 2 * left >= kernel[1]);
        const x = map(randomArray(`x ${seed}`, shape, [-3, 1]), Math.round);
        const geometry = { kernel, stride, padding, ceilMode };
        const expected = maxPoolReference(x, geometry);
        const upstream: NdArray = map(randomArray(`upstream ${seed}`, expected.shape, [-8, 8]), Math.round);
        const [y, dx] = await valuesOf(() => {
          const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => maxPool(input as tf.Tensor4D, geometry))(
            toTensor(x),
            toTensor(upstream),
          );
          return [value, grad];
        });
        expectClose(y!, expected.data, 'exact');
        expectClose(dx!, maxPoolGradientReference(x, upstream, geometry).data, 'exact');
      },
    ),
    { numRuns: RUNS },
  );
});
