import { describe, expect, it } from 'vitest';
import { expectInvariant } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { cropImages } from './cropImages.ts';
import { info } from './info.ts';

/** Every value tells its image, row, column and channel. */
const numbered = (batch: number, height: number, width: number, channels: number): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: batch * height * width * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      const row = Math.floor(pixel / width);
      return Math.floor(row / height) * 1000 + (row % height) * 100 + (pixel % width) * 10 + (i % channels);
    }),
    [batch, height, width, channels],
  );

describe('cropImages', () => {
  it.each([
    { size: [2, 3], channels: 2 },
    { size: [5, 7], channels: 1 },
    { size: [1, 1], channels: 3 },
  ] as const)('cuts $size windows, of each image its own', async ({ size, channels }) => {
    const [height, width] = size;
    const windows = [
      [5 - height, 0],
      [0, 7 - width],
      [(5 - height) >> 1, (7 - width) >> 1],
    ] as const;
    const before = tf.memory().numTensors;
    const crop = tf.tidy(() =>
      cropImages(numbered(3, 5, 7, channels), tf.tensor2d(windows.map((row) => [...row])), size),
    );
    const expected = windows.flatMap(([top, left], image) =>
      Array.from({ length: height * width * channels }, (_, i) => {
        const pixel = Math.floor(i / channels);
        const [row, column] = [top + Math.floor(pixel / width), left + (pixel % width)];
        return image * 1000 + row * 100 + column * 10 + (i % channels);
      }),
    );
    expect(crop.shape).toEqual([3, height, width, channels]);
    expect([...(await readValues(crop))]).toEqual(expected);
    crop.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses windows that are larger than the images, or fewer', () => {
    const images = () => tf.zeros<tf.Rank.R4>([2, 4, 4, 3]);
    expectInvariant(() => tf.tidy(() => cropImages(images(), tf.zeros([2, 2]), [5, 4])));
    expectInvariant(() => tf.tidy(() => cropImages(images(), tf.zeros([1, 2]), [2, 2])));
  });
});

itCosts(
  info,
  [
    [2, 5, 6, 3],
    [2, 2],
  ],
  ([images, windows]) => cropImages(images, windows, [2, 3]),
);
