import fc from 'fast-check';
import { expect, it } from 'vitest';
import { map, type NdArray } from '../../../testing/ndArray.ts';
import { describeOp, expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { allValuesOf } from '../../../testing/opValues.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { perAxis, sides } from '../core/geometry.ts';
import { info } from './info.ts';
import { maxPoolGradientReference, maxPoolReference } from './maxPool.reference.ts';
import { type MaxPoolOptions, maxPool } from './maxPool.ts';

const RUNS = 8;
const side = fc.integer({ min: 1, max: 9 });
const batch = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

type Shape = readonly [number, number, number, number];

const maxPools: readonly [string, Shape, MaxPoolOptions][] = [
  ['2x2', [2, 4, 6, 3], { kernel: 2 }],
  ['3x3 stride 2, floor', [1, 7, 8, 3], { kernel: 3, stride: 2, padding: 1 }],
  ['3x3 stride 2, ceil, even', [1, 8, 6, 3], { kernel: 3, stride: 2, padding: 1, ceilMode: true }],
  ['3x3 stride 2, ceil, odd', [1, 7, 9, 1], { kernel: 3, stride: 2, padding: 1, ceilMode: true }],
  ['a last window that starts outside', [1, 4, 4, 1], { kernel: 1, stride: 3, padding: 0, ceilMode: true }],
  ['one pixel', [1, 1, 1, 19], { kernel: 3, padding: 1 }],
];

describeOp<'x'>({
  name: 'maxPool',
  tolerance: 'elementwise',
  differentiable: ['x'],
  range: [-3, -1], // padding must not win against negative values
  cases: maxPools.map(([name, x, options]) => ({
    name,
    inputs: { x },
    run: (t) => maxPool(t.x, options),
    reference: (a) =>
      maxPoolReference(a.x, {
        kernel: perAxis(options.kernel, 1),
        stride: perAxis(options.stride, options.kernel),
        padding: sides(options.padding),
        ceilMode: options.ceilMode ?? false,
      }),
  })),
  refuses: {
    'a map without batch': () => maxPool(tf.zeros([3, 3, 1]) as unknown as tf.Tensor4D, { kernel: 2 }),
    'windows that lie in the padding': () => maxPool(tf.zeros([1, 3, 3, 1]), { kernel: 2, padding: 2 }),
    'a map smaller than the window': () => maxPool(tf.zeros([1, 2, 3, 1]), { kernel: 3 }),
  },
});

it('gives the gradient to the first of equal values', async () => {
  // 4x4 of ones but for a 2 at [1, 1], in windows 3x3 at stride 2 and padding 1: those around [0, 0], [0, 2], [2, 0], [2, 2].
  const gradient = tf.tidy(() => {
    const x = tf.tensor4d([1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 4, 4, 1]);
    const dy = tf.tensor4d([1, 2, 4, 8], [1, 2, 2, 1]);
    return tf.grad((y) => maxPool(y as tf.Tensor4D, { kernel: 3, stride: 2, padding: 1 }))(x, dy);
  });
  expect([...(await readValues(gradient))]).toEqual([0, 0, 0, 0, 0, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const tied = tf.tidy(() =>
    tf.grad((y) => maxPool(y as tf.Tensor4D, { kernel: 3, stride: 2, padding: 1, ceilMode: true }))(
      tf.ones([1, 4, 4, 1]),
      tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]),
    ),
  );
  // Windows start at rows and columns 0, 1 and 3 (the first is cut at the border).
  expect([...(await readValues(tied))]).toEqual([1, 2, 0, 3, 4, 5, 0, 6, 0, 0, 0, 0, 7, 8, 0, 9]);
  tf.dispose([gradient, tied]);
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
        const [y, dx] = await allValuesOf(() => {
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

itCosts(info, [[2, 5, 6, 4]], ([x]) => maxPool(x, { kernel: 3, stride: 2, padding: 1, ceilMode: true }));
