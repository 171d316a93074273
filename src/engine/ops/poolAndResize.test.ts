// Pooling and resizing.
import { describe, expect, it } from 'vitest';
import { describeOp } from '../../testing/opContract.ts';
import { readBytes, readValues } from '../gpu/readback.ts';
import * as tf from '../tf.ts';
import { adaptiveAvgPool } from './avgPool/adaptiveAvgPool.ts';
import { averageReference } from './avgPool/avgPool.reference.ts';
import { avgPool } from './avgPool/avgPool.ts';
import { perAxis, sides } from './core/geometry.ts';
import { maxPoolReference } from './maxPool/maxPool.reference.ts';
import { type MaxPoolOptions, maxPool } from './maxPool/maxPool.ts';
import { resizeBilinearReference } from './resizeBilinear/resizeBilinear.reference.ts';
import { resizeBilinear } from './resizeBilinear/resizeBilinear.ts';
import { resizeNearest } from './resizeNearest/resizeNearest.ts';

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
    run: (t) => maxPool(t.x as tf.Tensor4D, options),
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

describeOp<'x'>({
  name: 'average pooling',
  tolerance: 'sum',
  differentiable: ['x'],
  cases: [
    {
      name: '4x4 to 1/4',
      inputs: { x: [1, 8, 4, 19] },
      run: (t) => avgPool(t.x as tf.Tensor4D, { kernel: 4 }),
      reference: (a) => averageReference(a.x, [2, 1], (i, j) => [4 * i, 4 * i + 4, 4 * j, 4 * j + 4]),
    },
    {
      name: 'adaptive to one pixel',
      inputs: { x: [2, 5, 3, 3] },
      run: (t) => adaptiveAvgPool(t.x as tf.Tensor4D, [1, 1]),
      reference: (a) => averageReference(a.x, [1, 1], () => [0, 5, 0, 3]),
    },
    {
      name: 'adaptive with overlapping windows',
      inputs: { x: [2, 5, 7, 3] },
      run: (t) => adaptiveAvgPool(t.x as tf.Tensor4D, [3, 2]),
      reference: (a) =>
        averageReference(a.x, [3, 2], (i, j) => [
          Math.floor((i * 5) / 3),
          Math.ceil(((i + 1) * 5) / 3),
          Math.floor((j * 7) / 2),
          Math.ceil(((j + 1) * 7) / 2),
        ]),
    },
  ],
  refuses: { labels: () => avgPool(tf.zeros([1, 3, 3]) as unknown as tf.Tensor4D, { kernel: 2 }) },
});

const resizes: readonly [Shape, readonly [number, number]][] = [
  [
    [2, 3, 4, 3],
    [6, 8],
  ],
  [
    [1, 3, 5, 19],
    [7, 9],
  ],
  [
    [1, 9, 7, 1],
    [4, 3],
  ],
  [
    [1, 1, 1, 3],
    [3, 2],
  ],
  [
    [1, 5, 4, 1],
    [1, 1],
  ],
  [
    [1, 4, 4, 2],
    [4, 8],
  ],
  // Doubled in several patches, the last ones cut short; in vectors of channels, too.
  [
    [1, 8, 19, 3],
    [16, 38],
  ],
  [
    [2, 6, 17, 4],
    [12, 34],
  ],
];

describeOp<'x'>({
  name: 'resizeBilinear',
  tolerance: 'sum',
  differentiable: ['x'],
  cases: resizes.flatMap(([x, size]) =>
    [true, false].map((alignCorners) => ({
      name: `${x[1]}x${x[2]} to ${size.join('x')}, ${alignCorners ? 'aligned corners' : 'half-pixel centres'}`,
      inputs: { x },
      run: (t: Record<'x', tf.Tensor>) => resizeBilinear(t.x as tf.Tensor4D, size, { alignCorners }),
      reference: (a: Record<'x', Parameters<typeof resizeBilinearReference>[0]>) =>
        resizeBilinearReference(a.x, size, alignCorners),
    })),
  ),
  refuses: {
    labels: () => resizeBilinear(tf.zeros([1, 3, 3]) as unknown as tf.Tensor4D, [2, 2], { alignCorners: true }),
  },
});

const skips: readonly [Shape, readonly [number, number], boolean][] = [
  [[2, 3, 2, 3], [6, 4], false],
  [[1, 2, 3, 8], [4, 6], false],
  [[2, 3, 2, 1], [7, 9], true],
  [[1, 7, 6, 3], [3, 4], false],
  [[1, 1, 1, 4], [9, 9], false],
  [[1, 2, 3, 1], [2, 3], true],
];

describeOp<'x' | 'added'>({
  name: 'resizeBilinear with a map added',
  tolerance: 'sum',
  differentiable: ['x', 'added'],
  cases: skips.map(([x, size, alignCorners]) => ({
    name: `[${x}] to ${size.join('x')}`,
    inputs: { x, added: [x[0], ...size, x[3]] },
    run: (t) => resizeBilinear(t.x as tf.Tensor4D, size, { alignCorners, added: t.added as tf.Tensor4D }),
    reference: (a) => {
      const { shape, data } = resizeBilinearReference(a.x, size, alignCorners);
      return { shape, data: data.map((value, i) => value + a.added.data[i]!) };
    },
  })),
  refuses: {
    'a map of the old size': () =>
      resizeBilinear(tf.zeros([1, 2, 2, 1]), [4, 4], { alignCorners: true, added: tf.zeros([1, 2, 2, 1]) }),
  },
});

describe('resizeNearest', () => {
  it.each([
    // Five to three: floor(i * 5 / 3) against floor((i + 0.5) * 5 / 3).
    ['floor', [0, 1, 3]],
    ['exact', [0, 2, 4]],
  ] as const)('%s takes the pixels of its rule and keeps 255', async (rule, taken) => {
    const row = [7, 18, 255, 3, 255];
    const resized = tf.tidy(() => resizeNearest(tf.tensor3d([...row, ...row], [1, 2, 5], 'int32'), [1, 3], rule));
    expect(resized.dtype).toBe('int32');
    expect([...(await readBytes(resized))]).toEqual(taken.map((i) => row[i]));
    resized.dispose();
  });
});
