// Operations that decide, count, mix and mirror: exact, without gradient.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, expectInvariant, randomArray, toTensor } from '../../testing/opContract.ts';
import { readValues } from '../gpu/readback.ts';
import { uploadBytes } from '../gpu/upload.ts';
import * as tf from '../tf.ts';
import { argmaxConfidence, confidenceMask } from './argmaxConfidence/argmaxConfidence.ts';
import { colourJitter } from './colourJitter/colourJitter.ts';
import { confusionCounts } from './confusionCounts/confusionCounts.ts';
import { logSoftmaxReference } from './core/softmax.reference.ts';
import { withoutGradient } from './core/withoutGradient.ts';
import { flipHorizontal } from './flipHorizontal/flipHorizontal.ts';
import { cutMixBox } from './mix/cutMixBox.ts';
import { boxMask, classMask } from './mix/masks.ts';
import { mixImages, mixLabels } from './mix/mix.ts';
import { normaliseImages } from './unpackBytes/normaliseImages.ts';
import { unpackImages, unpackLabels } from './unpackBytes/unpackBytes.ts';

async function valuesOf(compute: () => tf.Tensor): Promise<number[]> {
  const before = tf.memory().numTensors;
  const result = tf.tidy(compute);
  const values = [...(await readValues(result))];
  result.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

describe('argmaxConfidence', () => {
  const logits = randomArray('decisions', [2, 3, 5, 19], [-5, 5]);
  const rows = (temperature: number) => {
    const { data } = logSoftmaxReference(logits, temperature);
    return Array.from({ length: 30 }, (_, pixel) => data.subarray(19 * pixel, 19 * pixel + 19));
  };

  it('gives the most probable class', async () => {
    const expected = rows(1).map((row) => row.indexOf(Math.max(...row)));
    expect(await valuesOf(() => argmaxConfidence(toTensor(logits)).classes)).toEqual(expected);
  });
  it.each([1, 0.5])('gives its probability at temperature %s', async (temperature) => {
    const expected = rows(temperature).map((row) => Math.exp(Math.max(...row)));
    expectClose(await valuesOf(() => argmaxConfidence(toTensor(logits), temperature).confidence), expected, 'loss');
    const kept = expected.map((confidence) => (confidence >= 0.6 ? 1 : 0));
    expect(await valuesOf(() => confidenceMask(toTensor(logits), 0.6, temperature))).toEqual(kept);
  });
});

describe('confusionCounts', () => {
  it('counts every pixel whose truth and prediction are classes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3, 200, 255), fc.integer({ min: 0, max: 4 })), {
          minLength: 12,
          maxLength: 12,
        }),
        async (pixels) => {
          const expected = new Array<number>(16).fill(0);
          for (const [truth, predicted] of pixels)
            if (truth < 4 && predicted < 4) expected[truth * 4 + predicted]! += 1;
          const bytes = (k: 0 | 1) =>
            tf.tensor3d(
              pixels.map((pair) => pair[k]),
              [2, 2, 3],
              'int32',
            );
          expect(await valuesOf(() => confusionCounts(bytes(0), bytes(1), 4))).toEqual(expected);
        },
      ),
      { numRuns: 8 },
    );
  });
  it('is exact for counts that float16 or a rounded sum would lose', async () => {
    const ones = () => tf.ones([1, 300, 400], 'int32') as tf.Tensor3D;
    expect(await valuesOf(() => confusionCounts(ones(), ones(), 2))).toEqual([0, 0, 0, 120_000]);
  });
  it('gives whole numbers', () => {
    const counts = tf.tidy(() => confusionCounts(tf.zeros([1, 1, 1], 'int32'), tf.zeros([1, 1, 1], 'int32')));
    expect([counts.dtype, counts.shape]).toEqual(['int32', [361]]);
    counts.dispose();
  });
});

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

describe('images', () => {
  it('maps bytes to [-1, 1]', async () => {
    const values = await valuesOf(() => normaliseImages(tf.tensor4d([0, 51, 255], [1, 1, 1, 3], 'int32')));
    expectClose(values, [-1, -0.6, 1], 'elementwise');
  });
  it.each([1, 2, 3])('unpacks every byte as it is normalised, width %d', async (width) => {
    const bytes = Uint8Array.from({ length: 3 * 86 * width }, (_, i) => (i * (width === 1 ? 1 : 7)) % 256);
    const shape: [number, number, number] = [1, 86, width];
    const expected = await valuesOf(() => normaliseImages(tf.tensor4d([...bytes], [...shape, 3], 'int32')));
    expect(await valuesOf(() => unpackImages(uploadBytes(bytes), shape))).toEqual(expected);
  });
  it.each([5, 8])('unpacks %d labels as they are', async (width) => {
    const bytes = Uint8Array.from([0, 255, 128, 18, 127, 1, 254, 3].slice(0, width));
    const labels = tf.tidy(() => unpackLabels(uploadBytes(bytes), [1, 1, width]));
    expect([labels.dtype, labels.shape]).toEqual(['int32', [1, 1, width]]);
    expect([...(await readValues(labels))]).toEqual([...bytes]);
    labels.dispose();
  });
  it('mirrors all, or the chosen ones, and a second time back', async () => {
    const x = () => tf.tensor3d([1, 2, 3, 4, 5, 255], [2, 1, 3], 'int32');
    expect(await valuesOf(() => flipHorizontal(x()))).toEqual([3, 2, 1, 255, 5, 4]);
    expect(await valuesOf(() => flipHorizontal(x(), tf.tensor1d([0, 1])))).toEqual([1, 2, 3, 255, 5, 4]);
    expect(await valuesOf(() => flipHorizontal(flipHorizontal(x())))).toEqual([1, 2, 3, 4, 5, 255]);
  });
  it('jitters contrast about the mean, saturation about grey, then adds', async () => {
    const pixels = [0.2, -0.4, 0.6, 0, 0.3, -0.1];
    const [contrast, saturation, brightness, ...offsets] = [1.2, 0.7, 0.1, 0.02, -0.03, 0.05] as const;
    const mean = pixels.reduce((sum, x) => sum + x, 0) / 6;
    const contrasted = pixels.map((x) => (x - mean) * contrast + mean);
    const expected = contrasted.map((x, k) => {
      const pixel = contrasted.slice(k - (k % 3), k - (k % 3) + 3);
      const grey = pixel.reduce((sum, v) => sum + v, 0) / 3;
      return grey + (x - grey) * saturation + brightness + offsets[k % 3]!;
    });
    const factors = () => tf.tensor2d([[contrast, saturation, brightness, ...offsets]]);
    expectClose(await valuesOf(() => colourJitter(tf.tensor4d(pixels, [1, 1, 2, 3]), factors())), expected, 'sum');
    const extreme = () => tf.tensor2d([[1, 1, 5, 0, 0, 0]]);
    expectClose(
      await valuesOf(() => colourJitter(tf.tensor4d(pixels, [1, 1, 2, 3]), extreme())),
      new Array(6).fill(1.2),
      'elementwise',
    );
  });
  it('refuses byte counts that do not fit', () =>
    expectInvariant(() => unpackLabels(tf.zeros([9], 'int32'), [1, 2, 3])));
});

describe('withoutGradient', () => {
  it('hides a path from the tape, also through operations without gradient', async () => {
    const values = await valuesOf(() =>
      tf.grad((x) =>
        tf.sum(
          tf.mul(
            x,
            withoutGradient(() => tf.cast(tf.greater(x, 0), 'float32')),
          ),
        ),
      )(tf.tensor1d([-2, 3])),
    );
    expect(values).toEqual([0, 1]);
  });
});
