// The benchmark's own correctness: what it computes with its numbers, and that contenders compute the same. On the CPU, where
// ours are compositions that have been tested against references; before it times anything, the benchmark checks again on the GPU.
import { beforeAll, describe, expect, it } from 'vitest';
import { lite } from '../../../engine/networks/lite.ts';
import { conv2d } from '../../../engine/ops/conv2d/conv2d.ts';
import * as tf from '../../../engine/tf.ts';
import { barsOf } from './bars.ts';
import { bytesOf, deepLabLayers, flopsOf, liteLayers, outputSize } from './convLayers.ts';
import { measure } from './measure.ts';
import { opCases } from './opCases.ts';
import { optimiserCases } from './optimiserCases.ts';
import { uniformTensor } from './randomTensor.ts';
import { geometricMean, median, relativeDifference, relativeSpread } from './statistics.ts';
import {
  spaceToBatchConv,
  spaceToBatchFilterGradient,
  stockFilterGradient,
  stockForward,
  stockInputGradient,
  tapByTapConv,
  tapByTapFilterGradient,
} from './stockConv.ts';

beforeAll(() => tf.setBackend('cpu'));

async function difference(actual: tf.Tensor, expected: tf.Tensor): Promise<number> {
  expect(actual.shape).toEqual(expected.shape);
  return relativeDifference(await actual.data(), await expected.data());
}

describe('statistics', () => {
  it('takes the middle of an odd and the mean of the middle two of an even number', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(median([])).toBeNaN();
  });

  it('treats twice as fast and half as fast alike', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 12);
  });

  it('measures spread between the quartiles', () => {
    expect(relativeSpread([10, 10, 10, 10, 1000])).toBe(0);
    expect(relativeSpread([8, 9, 10, 11, 12])).toBeCloseTo(0.1, 12);
  });

  it('compares relative to the largest value and refuses what is not comparable', () => {
    expect(relativeDifference([1, 102], [1, 100])).toBeCloseTo(0.02, 12);
    expect(relativeDifference([0, 3], [0, 0])).toBe(3);
    expect(relativeDifference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDifference([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('measure', () => {
  it('interleaves, repeats short work, and divides by the repetitions', async () => {
    let now = 0;
    const order: string[] = [];
    const contender = (name: string, queueMs: number, gpuMs: number) => {
      let queued = 0;
      return {
        run: () => {
          order.push(name);
          now += queueMs;
          queued += 1;
        },
        settle: async () => {
          now += gpuMs * queued;
          queued = 0;
        },
      };
    };
    const timings = await measure([contender('a', 0.5, 0.5), contender('b', 3, 5)], {
      rounds: 2,
      sampleMs: 4,
      nowMs: () => now,
    });
    expect(timings).toMatchObject([
      { ms: 1, queueMs: 0.5, samplesMs: [1, 1], repeats: 4 },
      { ms: 8, queueMs: 3, samplesMs: [8, 8], repeats: 1 },
    ]);
    // Warm-up, then a b in the first round and b a in the second.
    expect(order.join('')).toBe('aabb' + 'aaaab' + 'baaaa');
  });
});

describe('layers', () => {
  it('has every convolution of lite', () => {
    const perImage = liteLayers().reduce((sum, layer) => sum + (layer.count * flopsOf(layer)) / layer.batch, 0);
    expect(perImage).toBe(lite.info.flopsAt128x64);
  });

  it('has every convolution of DeepLab v2 on ResNet-50, at the published map sizes', () => {
    const layers = deepLabLayers();
    const weights = layers.reduce((sum, { count, kernel, from, to }) => sum + count * kernel ** 2 * from * to, 0);
    // 24 908 940 parameters, less 53 120 of normalisation and 4 * 19 biases.
    expect(weights).toBe(24_908_940 - 53_120 - 76);
    expect(layers.map(outputSize).slice(-1)).toEqual([{ width: 41, height: 23 }]);
    expect(outputSize(layers[0]!)).toEqual({ width: 160, height: 90 });
  });

  it('counts bytes of input, filter and output', () => {
    const [head] = liteLayers().filter(({ name }) => name === 'head');
    expect(bytesOf(head!)).toBe(4 * (4 * 16 * 32 * (32 + 19) + 32 * 19));
  });
});

describe('stock convolutions', () => {
  it.each([
    { kernel: 3, stride: 2, dilation: 1, padding: 1 },
    { kernel: 1, stride: 1, dilation: 1, padding: 0 },
    { kernel: 3, stride: 1, dilation: 3, padding: 3 },
  ])('are ours: %o', async ({ kernel, ...conv }) => {
    const x = uniformTensor([2, 6, 7, 3], 'x') as tf.Tensor4D;
    const filter = uniformTensor([kernel, kernel, 3, 4], 'filter') as tf.Tensor4D;
    const ours = (x: tf.Tensor, w: tf.Tensor) => conv2d(x as tf.Tensor4D, w as tf.Tensor4D, conv);
    const y = ours(x, filter);
    const dy = uniformTensor(y.shape, 'dy') as tf.Tensor4D;
    const [dx, dw] = tf.grads(ours)([x, filter], dy) as [tf.Tensor4D, tf.Tensor4D];
    expect(await difference(stockForward(x, filter, conv), y)).toBeLessThan(1e-5);
    expect(await difference(stockInputGradient(dy, filter, x.shape, conv), dx)).toBeLessThan(1e-5);
    const ways = conv.dilation === 1 ? [stockFilterGradient] : [tapByTapFilterGradient, spaceToBatchFilterGradient];
    for (const way of ways) expect(await difference(way(x, dy, filter.shape, conv), dw)).toBeLessThan(1e-5);
    if (conv.dilation === 1) return;
    for (const way of [spaceToBatchConv, tapByTapConv]) {
      const [dx2, dw2] = tf.grads((x, w) => way(x as tf.Tensor4D, w as tf.Tensor4D, conv))([x, filter], dy);
      expect(await difference(dx2!, dx)).toBeLessThan(1e-5);
      expect(await difference(dw2!, dw)).toBeLessThan(1e-5);
    }
  });
});

describe('stock operations', () => {
  // Square: TensorFlow.js's resize gradient exchanges the sides on the CPU.
  const cases = [...opCases({ batch: 2, height: 16, width: 16 }), ...optimiserCases([[3, 3, 2, 4], [4], [4]])];
  it.each(cases.map((definition) => [`${definition.name} ${definition.pass}`, definition] as const))(
    '%s',
    async (_, definition) => {
      const opened = definition.open();
      const expected = tf.tidy(() => [...opened.ours()]);
      expect(expected.length).toBeGreaterThan(0);
      for (const { work } of opened.stock) {
        const actual = tf.tidy(() => [...work()]);
        expect(actual).toHaveLength(expected.length);
        for (const [i, values] of expected.entries()) {
          expect(await difference(actual[i]!, values)).toBeLessThanOrEqual(opened.tolerance);
        }
      }
      opened.dispose();
    },
  );
});

describe('bars', () => {
  it('passes what reaches them and fails what does not', () => {
    const [step, ...rest] = barsOf({
      steps: [
        { who: 'ours, compiled', ms: 10, microsecondsPerDispatch: 7 },
        { who: 'TensorFlow.js, plain', ms: 79 },
      ],
      filterGradientRatios: [4, 20],
      coldStartMs: 9_000,
    });
    expect(step).toMatchObject({ value: 7.9, bar: 8, passed: false });
    expect(rest.map(({ passed }) => passed)).toEqual([true, true, false, true]);
  });
});
