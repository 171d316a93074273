import { describe, expect, it } from 'vitest';
import { expectInvariant } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { addNoise, hashNoise, joinNoise } from './hashNoise.ts';
import { info } from './info.ts';

async function valuesOf(compute: () => tf.Tensor): Promise<Float32Array> {
  const before = tf.memory().numTensors;
  const result = tf.tidy(compute);
  const values = Float32Array.from(await readValues(result));
  result.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** The noise of one value, in whole numbers as the header of hashNoise.ts tells it. */
function reference(key: number, place: number): number {
  const factors = [2857, 1373, 3557, 709, 2141, 3163, 1021, 3719];
  const offsets = [1129, 3371, 2707, 211, 1801, 3923, 877, 2287];
  let [left, right, sum] = [place >> 12, place & 4095, 0];
  factors.forEach((factor, round) => {
    const x = (right + (round % 2 === 0 ? key & 4095 : key >> 12) * factor + offsets[round]!) & 4095;
    [left, right] = [right, (left + ((x * x + 2 * offsets[round]!) >> 6)) & 4095];
    if (round === 3 || round === 7) sum += left + right;
  });
  return sum - 8190;
}
const KEYS = [0, 1, 4096, 16_777_215];
const SIDE = 64;
const PER_IMAGE = SIDE * SIDE * 3;
const noise = (keys: readonly number[], deviation?: number) =>
  valuesOf(() => hashNoise(tf.tensor1d([...keys], 'float32'), [SIDE, SIDE, 3], deviation));
const mean = (values: Float32Array, of: (x: number, i: number) => number): number =>
  values.reduce((sum, x, i) => sum + of(x, i), 0) / values.length;

describe('hashNoise', () => {
  it('is, to the bit, what the words of each key and place give, on every backend', async () => {
    const values = await noise(KEYS, 0.5);
    const scale = Math.fround((0.5 * Math.sqrt(3)) / 4096);
    const expected = KEYS.flatMap((key) =>
      Array.from({ length: PER_IMAGE }, (_, place) => Math.fround(reference(key, place) * scale)),
    );
    expect(values).toEqual(Float32Array.from(expected));
  });

  it('has mean 0, variance 1 and the tails of four uniforms', async () => {
    const values = await noise([7, 8, 9, 1000, 10_000]);
    // Three standard errors.
    const tolerance = 3 / Math.sqrt(values.length);
    expect(Math.abs(mean(values, (x) => x))).toBeLessThan(tolerance);
    expect(Math.abs(mean(values, (x) => x * x) - 1)).toBeLessThan(1.5 * tolerance);
    expect(mean(values, (x) => x ** 4)).toBeCloseTo(2.7, 1);
    expect(values.every((x) => Math.abs(x) <= 3.47)).toBe(true);
  });

  it('shows no likeness between neighbours, nor between images of neighbouring keys at any offset nearby', async () => {
    const values = await noise([20, 21]);
    const [first, second] = [values.subarray(0, PER_IMAGE), values.subarray(PER_IMAGE)];
    const likeness = (a: Float32Array, b: Float32Array, lag: number): number =>
      Math.abs(mean(a.subarray(0, PER_IMAGE - lag), (x, i) => x * b[i + lag]!));
    // Five standard errors: the largest of some hundred.
    const tolerance = 5 / Math.sqrt(PER_IMAGE);
    for (const lag of [1, 2, 3, 6, 3 * SIDE, 3 * SIDE + 3]) expect(likeness(first, first, lag)).toBeLessThan(tolerance);
    for (let lag = 0; lag < 100; lag++) expect(likeness(first, second, lag), `lag ${lag}`).toBeLessThan(tolerance);
  });

  it('refuses keys that are no list', () => {
    expectInvariant(() => tf.tidy(() => hashNoise(tf.zeros([2, 1]) as unknown as tf.Tensor1D, [2, 2, 1])));
  });
});

describe('addNoise', () => {
  const x = () => tf.fill<tf.Rank.R4>([2, 4, 5, 3], 0.25);
  const keys = () => tf.tensor1d([3, 900]);

  it('adds the noise of each image, as much as the scalar says', async () => {
    const pure = await valuesOf(() => hashNoise(keys(), [4, 5, 3]));
    const noisy = await valuesOf(() => addNoise(x(), keys(), tf.scalar(0.15)));
    noisy.forEach((value, i) => {
      expect(value).toBeCloseTo(0.25 + 0.15 * pure[i]!, 6);
    });
    expect(new Set(noisy).size).toBeGreaterThan(100);
  });

  it('lets the gradient pass', async () => {
    const slope = await valuesOf(() =>
      tf.grad((input) => tf.sum(tf.square(addNoise(input as tf.Tensor4D, keys(), tf.scalar(0)))))(x()),
    );
    expect([...slope]).toEqual(new Array(120).fill(0.5));
  });

  it('refuses as many keys as there are no images', () => {
    expectInvariant(() => tf.tidy(() => addNoise(x(), tf.tensor1d([1]), tf.scalar(1))));
  });
});

describe('joinNoise', () => {
  it('puts the noise of each image behind its channels, and hands the gradient of these alone back', async () => {
    const [keys, shape] = [() => tf.tensor1d([3, 900]), [2, 3, 5, 3] as const];
    const x = () => tf.reshape<tf.Rank.R4>(tf.range(0, 90), [...shape]);
    const pure = await valuesOf(() => hashNoise(keys(), [3, 5, 2], 0.5));
    const joined = await valuesOf(() => joinNoise(x(), keys(), 2, 0.5));
    const expected = Array.from({ length: 30 }, (_, pixel) => [
      ...[0, 1, 2].map((c) => 3 * pixel + c),
      ...pure.subarray(2 * pixel, 2 * pixel + 2),
    ]);
    expect([...joined]).toEqual(expected.flat());
    const slope = await valuesOf(() =>
      tf.grad((input) => tf.sum(tf.square(joinNoise(input as tf.Tensor4D, keys(), 2))))(x()),
    );
    expect([...slope]).toEqual(Array.from({ length: 90 }, (_, i) => 2 * i));
  });

  it('refuses as many keys as there are no images', () => {
    expectInvariant(() => tf.tidy(() => joinNoise(tf.zeros([2, 2, 2, 3]), tf.tensor1d([1]), 1)));
  });
});

itCosts(info, [[2]], ([keys]) => hashNoise(keys, [5, 6, 3]), 'hashNoise');
