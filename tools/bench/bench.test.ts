// The benchmark's own correctness: what it computes with its numbers, and that contenders compute the same. On the CPU, where
// ours are compositions that have been tested against references; before it times anything, the benchmark checks again on the GPU.
import { beforeAll, describe, expect, it } from 'vitest';
import { forwardFlops } from '../../src/engine/networks/core/cost.ts';
import { lite } from '../../src/engine/networks/lite.ts';
import { conv2d } from '../../src/engine/ops/conv2d/conv2d.ts';
import * as tf from '../../src/engine/tf.ts';
import { uniformTensor } from '../../src/testing/randomTensor.ts';
import { atLength } from '../../src/testing/slow.ts';
import { barsOf } from './bars.ts';
import { bytesOf, deepLabLayers, flopsOf, liteLayers, outputSize } from './convLayers.ts';
import { openJax } from './jaxArrays.ts';
import { measure } from './measure.ts';
import { opCases } from './opCases.ts';
import { ceilingOf } from './roofline.ts';
import type { BenchResult } from './runCase.ts';
import { geometricMean, median, relativeDifference, relativeSpread } from './statistics.ts';
import { checkSteps } from './stepBench.ts';
import { jaxStepper, ourStepper, stockStepper } from './steppers.ts';
import {
  spaceToBatchConv,
  spaceToBatchFilterGradient,
  stockFilterGradient,
  stockForward,
  stockInputGradient,
  tapByTapConv,
  tapByTapFilterGradient,
} from './stockConv.ts';
import { summariesOf } from './summary.ts';
import { milliseconds, ratio, stepHeader, stepRows } from './table.ts';

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
    expect(perImage).toBe(forwardFlops(lite, { width: 128, height: 64 }));
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

// Square: TensorFlow.js's resize gradient exchanges the sides on the CPU.
const SMALL = { batch: 2, height: 16, width: 16, parameters: [[3, 3, 2, 4], [4], [4]] };

describe('stock operations', () => {
  const cases = opCases(SMALL);
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

describe('jax-js', () => {
  const cases = opCases(SMALL).filter(({ name }) => /group norm|cross-entropy|entropy map/.test(name));
  it.each(cases.map((definition) => [definition.name, definition] as const))('%s is ours', async (_, definition) => {
    await openJax('wasm');
    const opened = definition.open();
    const expected = tf.tidy(() => [...opened.ours()]);
    const work = await opened.jax?.();
    work?.run();
    const actual = (await work?.values()) ?? [];
    expect(actual).toHaveLength(expected.length);
    for (const [i, values] of expected.entries()) {
      expect(relativeDifference(actual[i]!, await values.data())).toBeLessThan(opened.tolerance);
    }
    work?.dispose();
    opened.dispose();
  });
});

describe('the training step', () => {
  // The adversarial step takes jax-js a quarter of a minute to compile; both compile the step on the source alone.
  const [method, side] = atLength(['adversarial', 32] as const, ['source-only', 16] as const);
  it('has the same losses in TensorFlow.js and jax-js, step by step', { timeout: 240_000 }, async () => {
    await openJax('wasm');
    const scale = { batch: 1, size: { width: side, height: side } }; // the discriminator takes no less than 32
    const steppers = [
      ourStepper(method, scale, true),
      stockStepper(method, scale, 'tap by tap'),
      await jaxStepper(method, scale),
    ];
    const { differences } = await checkSteps(steppers, () => performance.now());
    expect(Object.keys(differences)).toHaveLength(3);
    for (const stepper of steppers) stepper.dispose();
  });

  it('has them on the source alone, too', { timeout: 120_000 }, async () => {
    const scale = { batch: 1, size: { width: 16, height: 16 } };
    const steppers = [ourStepper('source-only', scale, true), stockStepper('source-only', scale, 'space to batch')];
    const { differences } = await checkSteps(steppers, () => performance.now());
    expect(Object.keys(differences)).toHaveLength(2);
    for (const stepper of steppers) stepper.dispose();
  });
});

describe('summary', () => {
  it('groups by suite and pass, and weighs the time by how often a layer occurs', () => {
    const result = (
      name: string,
      oursMs: number,
      stockMs: number,
      count: number,
      jaxMs: number | null,
    ): BenchResult => ({
      ...{ suite: 'conv', name, pass: 'forward', shape: '', count, flops: 1, bytes: 1, oursMs, stockMs, jaxMs },
      ...{
        stockWay: '',
        jaxCompileMs: null,
        jaxReason: null,
        differences: {},
        spread: 0,
        dispatches: null,
        samplesMs: {},
      },
    });
    const results = [result('a', 1, 2, 1, null), result('b', 1, 8, 3, 5)];
    expect(summariesOf([...results, { ...result('c', 1, 3, 1, null), pass: 'to filter' }])).toMatchObject([
      {
        pass: 'forward',
        cases: 2,
        stockMean: expect.closeTo(4, 9),
        stockWorst: 2,
        stockOverall: 6.5,
        jaxMean: expect.closeTo(5, 9),
      },
      { pass: 'to filter', cases: 1, stockOverall: 3, jaxMean: null },
    ]);
  });
});

describe('roofline', () => {
  it('is bound by bytes below the ridge and by arithmetic above it', () => {
    const peak = { gigaflops: 100, gigabytesPerSecond: 10 };
    expect(ceilingOf(peak, 2e6, 1e6)).toBe(20);
    expect(ceilingOf(peak, 2e8, 1e6)).toBe(100);
  });
});

describe('table', () => {
  it('puts every number under its title', () => {
    const [header, row] = [
      stepHeader(),
      stepRows({
        ...{ method: 'source-only', shape: '', differences: {} },
        steps: [
          {
            ...{
              who: 'ours, compiled',
              ms: 12.345,
              firstMs: 4321,
              dispatches: 221,
              queueMs: 1,
              microsecondsPerDispatch: 4.5,
            },
            ...{ peakBytes: 11_200_000, longestDispatch: null, samplesMs: [] },
          },
        ],
      })[0]!,
    ];
    const ends = (title: string, text: string): void => {
      const end = header.indexOf(title) + title.length;
      expect(row.slice(end - text.length - 1, end)).toBe(` ${text}`);
    };
    ends('ms', '12.35');
    ends('first s', '4.32');
    ends('dispatches', '221');
    ends('peak MB', '11.2');
    expect([milliseconds(0.1234), milliseconds(123.4), ratio(9.876), ratio(12.34)]).toEqual([
      '0.123',
      '123',
      '9.88',
      '12.3',
    ]);
  });
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
