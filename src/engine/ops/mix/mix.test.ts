// Masks, and what lies under them: exact, without gradient.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomArray, toTensor } from '../../../testing/opContract.ts';
import { valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { cutMixBox } from './cutMixBox.ts';
import { boxMask, classMask } from './masks.ts';
import { mixImages, mixLabels } from './mix.ts';

describe('mixing', () => {
  const boxes = [
    [1, 0, 3, 2],
    [0, 0, 0, 0],
  ];
  const mask = [0, 0, 0, 1, 1, 0, 1, 1, 0, ...new Array<number>(9).fill(0)];

  it('marks the inside of half-open boxes', async () => {
    expect(await valuesOf(() => boxMask(tf.tensor2d(boxes), [3, 3]))).toEqual(mask);
  });
  it('marks chosen classes, never 255', async () => {
    const labels = () => tf.tensor3d([0, 1, 2, 255], [2, 1, 2], 'int32');
    const chosen = () =>
      tf.tensor2d([
        [0, 1, 0],
        [1, 0, 1],
      ]);
    expect(await valuesOf(() => classMask(labels(), chosen()))).toEqual([0, 1, 1, 0]);
  });
  it('takes inside where the mask is 1, bit for bit', async () => {
    const inside = randomArray('inside', [2, 3, 3, 2]);
    const outside = randomArray('outside', [2, 3, 3, 2]);
    const expected = [...inside.data].map((value, k) => (mask[Math.floor(k / 2)] === 1 ? value : outside.data[k]));
    const shown = () => tf.tensor3d(mask, [2, 3, 3]);
    expect(await valuesOf(() => mixImages(toTensor(inside), toTensor(outside), shown()))).toEqual(expected);
    const labels = (value: number) => tf.fill([2, 3, 3], value, 'int32') as tf.Tensor3D;
    expect(await valuesOf(() => mixLabels(labels(255), labels(7), shown()))).toEqual(
      mask.map((m) => (m === 1 ? 255 : 7)),
    );
  });
  it('cuts boxes that lie in the picture, of the size that lambda asks for where they are not clipped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 200 }),
        fc.integer({ min: 4, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (width, height, lambda, u, v) => {
          const centre = { centreX: Math.floor(u * width), centreY: Math.floor(v * height) };
          const box = cutMixBox({ width, height, lambda, ...centre });
          expect(box.x1).toBeGreaterThanOrEqual(0);
          expect(box.y1).toBeGreaterThanOrEqual(0);
          expect(box.x2).toBeLessThanOrEqual(width);
          expect(box.y2).toBeLessThanOrEqual(height);
          expect(box.x2 - box.x1).toBeLessThanOrEqual(width * Math.sqrt(1 - lambda));
          expect(1 - box.lambda).toBeCloseTo(((box.x2 - box.x1) * (box.y2 - box.y1)) / (width * height), 12);
        },
      ),
    );
  });
});
