// AutoAugment: its operations against values worked out by hand and against Pillow, its policies against the published table,
// and its geometric views through the fusion that has to undo them.

import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../domain/dataset.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { readValues } from '../../backend/readback.ts';
import { affineRows, inverted } from '../../ops/core/affine.ts';
import { fuseViews } from '../../ops/fuseViews/fuseViews.ts';
import * as tf from '../../tf.ts';
import { applyOperations, isGeometric, type OperationName } from './operations.ts';
import { drawOperations, magnitude, POLICIES, SUB_POLICIES } from './policies.ts';
import { sineCosine } from './sineCosine.ts';

const rgb = (width: number, bytes: readonly number[]): RgbImage => ({
  data: Uint8Array.from(bytes),
  width,
  height: bytes.length / 3 / width,
});
const apply = (name: OperationName, value: number, image: RgbImage): number[] => [
  ...applyOperations(image, [{ name, value }]).image.data,
];

/** FNV-1a. */
const hashOf = (bytes: readonly number[]): number =>
  bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 2166136261 | 0) >>> 0;

// Of the 24 x 20 picture below, made with Pillow 12.3: ImageEnhance with factor 1 + value, ImageOps, Image.transform and
// Image.rotate with the nearest pixel and fill 128.
const PILLOW: readonly (readonly [OperationName, number, number])[] = [
  ['color', -0.8, 3432292124],
  ['contrast', -0.8, 3482321434],
  ['brightness', -0.8, 376302622],
  ['sharpness', -0.8, 2154027474],
  ['color', -0.2, 1165560060],
  ['contrast', -0.2, 2698509943],
  ['brightness', -0.2, 1019329667],
  ['sharpness', -0.2, 3491600420],
  ['color', 0.3, 934985823],
  ['contrast', 0.3, 4227921954],
  ['brightness', 0.3, 1144226852],
  ['sharpness', 0.3, 3482937656],
  ['color', 0.9, 4109943804],
  ['contrast', 0.9, 1822996673],
  ['brightness', 0.9, 3439361322],
  ['sharpness', 0.9, 4128963154],
  ['posterize', 4, 1291193557],
  ['posterize', 5, 1396810069],
  ['posterize', 8, 119624293],
  ['solarize', 256, 119624293],
  ['solarize', 113.77777777777777, 1302791298],
  ['solarize', 0, 1446474533],
  ['equalize', 0, 3739965128],
  ['invert', 0, 1446474533],
  ['shearX', 0.16666666666666666, 2128864443],
  ['shearY', 0.16666666666666666, 2581924729],
  ['shearX', -0.3, 362287103],
  ['shearY', -0.3, 2240174504],
  ['translateX', 0.3, 1800061733],
  ['translateY', -0.3, 2780785265],
  ['rotate', 10, 1361764276],
  ['rotate', -26.666666666666668, 2452235312],
  ['rotate', 30, 3096387449],
];
const picture = rgb(
  24,
  Array.from({ length: 24 * 20 * 3 }, (_, k) => ((k * k * 7 + k * 31 + 11) >> 3) % 256),
);

describe('operations', () => {
  it.each(PILLOW)('%s %d gives the bytes of Pillow', (name, value, hash) => {
    expect(hashOf(apply(name, value, picture))).toBe(hash);
  });

  it('by hand: blends', () => {
    // Luma of (200, 100, 50): 59.8 + 58.7 + 5.7 = 124.2.
    const pixel = rgb(1, [200, 100, 50]);
    expect(apply('color', -1, pixel)).toEqual([124, 124, 124]);
    expect(apply('color', 0.5, pixel)).toEqual([238, 88, 13]);
    expect(apply('contrast', -0.5, rgb(2, [0, 0, 0, 100, 100, 100]))).toEqual([25, 25, 25, 75, 75, 75]);
    expect(apply('brightness', 0.5, pixel)).toEqual([255, 150, 75]);
    expect(apply('brightness', 0, pixel)).toEqual([200, 100, 50]);
  });

  it('by hand: sharpness leaves the border and takes the centre five times', () => {
    const grey = [0, 0, 0, 0, 130, 0, 0, 0, 0].flatMap((v) => [v, v, v]);
    // Smooth: 130 * 5 / 13 = 50; factor 0 gives it, factor 2 goes as far beyond.
    expect(apply('sharpness', -1, rgb(3, grey))).toEqual(grey.map((v) => (v === 130 ? 50 : v)));
    expect(apply('sharpness', 1, rgb(3, grey))).toEqual(grey.map((v) => (v === 130 ? 210 : v)));
  });

  it('by hand: levels', () => {
    const levels = rgb(2, [0, 100, 255, 87, 171, 200]);
    expect(apply('posterize', 4, levels)).toEqual([0, 96, 240, 80, 160, 192]);
    expect(apply('posterize', 8, levels)).toEqual([...levels.data]);
    expect(apply('solarize', 142.2, levels)).toEqual([0, 100, 0, 87, 84, 55]);
    expect(apply('solarize', 256, levels)).toEqual([...levels.data]);
    expect(apply('solarize', 0, levels)).toEqual(apply('invert', 0, levels));
    expect(apply('invert', 0, rgb(2, apply('invert', 0, levels)))).toEqual([...levels.data]);
    expect(apply('autoContrast', 0, rgb(3, [10, 7, 0, 20, 7, 255, 30, 7, 51]))).toEqual([
      0, 7, 0, 127, 7, 255, 255, 7, 51,
    ]);
  });

  it('by hand: equalize', () => {
    const flat = rgb(16, new Array<number>(16 * 32 * 3).fill(77));
    expect(apply('equalize', 0, flat)).toEqual([...flat.data]);
    // Too few pixels for a step.
    expect(apply('equalize', 0, rgb(2, [1, 2, 3, 4, 5, 6]))).toEqual([1, 2, 3, 4, 5, 6]);
    // 512 pixels: 256 of level 10, 256 of level 20. A step is floor(256 / 255) = 1, so level 20 has min(255, 256) before it.
    const halves = rgb(
      16,
      Array.from({ length: 16 * 32 * 3 }, (_, k) => (k < 768 ? 10 : 20)),
    );
    expect(apply('equalize', 0, halves)).toEqual([...halves.data].map((v) => (v === 10 ? 0 : 255)));
  });

  it('by hand: geometry looks where the table says, grey beyond', () => {
    const line = rgb(
      4,
      [1, 2, 3, 4].flatMap((v) => [v, v, v]),
    );
    const grey = (values: number[]) => values.flatMap((v) => [v, v, v]);
    expect(apply('translateX', 0.25, line)).toEqual(grey([2, 3, 4, 128]));
    expect(apply('translateX', -0.5, line)).toEqual(grey([128, 128, 1, 2]));
    const square = rgb(2, grey([1, 2, 3, 4]));
    expect(apply('rotate', 90, square)).toEqual(grey([2, 4, 1, 3]));
    // The second row looks 1.5 pixels to the right, the first half a pixel: (j + 0.5) + 1 * (i + 0.5), rounded down.
    expect(apply('shearX', 1, square)).toEqual(grey([2, 128, 128, 128]));
    expect(applyOperations(line, [{ name: 'translateX', value: 0.25 }]).map).toEqual([1, 0, 1, 0, 1, 0]);
  });
});

describe('sineCosine', () => {
  it.each([-Math.PI, -1, 0, 0.1, Math.PI / 6, 3])('of %d', (angle) => {
    expect(sineCosine(angle).sine).toBeCloseTo(Math.sin(angle), 14);
    expect(sineCosine(angle).cosine).toBeCloseTo(Math.cos(angle), 14);
  });
});

describe('policies', () => {
  it('have 25, 18 and 14 sub-policies', () => {
    expect(POLICIES.map((id) => SUB_POLICIES[id].length)).toEqual([25, 18, 14]);
  });

  it('have the magnitudes of the table', () => {
    const row = (name: OperationName) => Array.from({ length: 10 }, (_, index) => magnitude(name, index));
    const published = (name: OperationName, values: number[], digits: number) => {
      row(name).forEach((value, i) => {
        expect(value, `${name} ${i}`).toBeCloseTo(values[i]!, digits);
      });
    };
    published('shearX', [0, 0.0333, 0.0667, 0.1, 0.1333, 0.1667, 0.2, 0.2333, 0.2667, 0.3], 3);
    published('translateY', [0, 0.0504, 0.1007, 0.1511, 0.2014, 0.2518, 0.3021, 0.3525, 0.4028, 0.4532], 3);
    published('rotate', [0, 3.33, 6.67, 10, 13.33, 16.67, 20, 23.33, 26.67, 30], 2);
    published('color', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], 12);
    published('posterize', [8, 8, 7, 7, 6, 6, 5, 5, 4, 4], 12);
    published('solarize', [256, 227.6, 199.1, 170.7, 142.2, 113.8, 85.3, 56.9, 28.4, 0], 1);
  });

  it('move a picture in 16.8 % of the draws of the 25, invert it in 7.2 %; never without geometry', () => {
    const draws = 40_000;
    const rate = (policy: (typeof POLICIES)[number], fires: (name: OperationName) => boolean) => {
      const random = new RandomStream(11, policy);
      let count = 0;
      for (let i = 0; i < draws; i++) if (drawOperations(policy, random).some(({ name }) => fires(name))) count++;
      return count / draws;
    };
    expect(Math.abs(rate('imagenet25', isGeometric) - 0.168)).toBeLessThan(0.006);
    expect(Math.abs(rate('imagenet25', (name) => name === 'invert') - 0.072)).toBeLessThan(0.004);
    expect(rate('imagenet18-color', isGeometric)).toBe(0);
    expect(rate('seg-safe', (name) => isGeometric(name) || name === 'invert')).toBe(0);
  });

  it('draw the same view from the same stream, as many numbers whatever happens', () => {
    const [one, other] = [new RandomStream(3), new RandomStream(3)];
    expect(drawOperations('imagenet25', one)).toEqual(drawOperations('imagenet25', other));
    for (let i = 0; i < 4; i++) drawOperations('imagenet25', one);
    for (let i = 0; i < 4 * 5; i++) other.uniform();
    expect(one.state()).toEqual(other.state());
  });
});

describe('geometric views of a network that sees perfectly', () => {
  const [width, height] = [40, 24];
  // Blocks, a disc and a ramp.
  const labelAt = (i: number, j: number): number =>
    (i - 12) ** 2 + (j - 26) ** 2 < 40 ? 3 : j > 30 ? 2 : i + j / 2 > 16 ? 1 : 0;
  const labels = Array.from({ length: width * height }, (_, k) => labelAt(Math.floor(k / width), k % width));
  const image = rgb(
    width,
    labels.flatMap((label) => [50 * label, 0, 0]),
  );
  /** Whether all pixels within two of this one are of its class. */
  const isInside = (k: number): boolean => {
    const [i, j] = [Math.floor(k / width), k % width];
    return [-2, -1, 0, 1, 2].every((di) => [-2, -1, 0, 1, 2].every((dj) => labelAt(i + di, j + dj) === labels[k]));
  };

  it.each([
    ['shearX', magnitude('shearX', 5)],
    ['shearX', -magnitude('shearX', 9)],
    ['shearY', magnitude('shearY', 7)],
    ['translateX', magnitude('translateX', 4)],
    ['translateY', -magnitude('translateY', 3)],
    ['rotate', magnitude('rotate', 9)],
    ['rotate', -magnitude('rotate', 3)],
  ] as const)('%s %d gives the labels back, but for two pixels along borders', async (name, value) => {
    const { image: view, map } = applyOperations(image, [{ name, value }]);
    const seen = Array.from({ length: width * height }, (_, k) => Math.round(view.data[3 * k]! / 50));
    const result = tf.tidy(() => {
      const oneHot = tf.oneHot(tf.tensor1d(seen, 'int32'), 4, 40, 0, 'float32');
      const toView = tf.tensor2d(affineRows([inverted(map)]), [1, 6]);
      const thresholds: tf.Tensor1D = tf.zeros([4]);
      const logits: tf.Tensor4D = tf.reshape(oneHot, [1, height, width, 4]);
      return fuseViews(logits, { views: 1, toView, thresholds }, 'max').labels;
    });
    const returned = await readValues(result);
    result.dispose();
    const judged = labels.map((_, k) => k).filter((k) => returned[k] !== 255 && isInside(k));
    expect(judged.length).toBeGreaterThan(0.3 * labels.length);
    expect(judged.filter((k) => returned[k] !== labels[k])).toEqual([]);
  });
});
