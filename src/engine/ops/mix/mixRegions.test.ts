// Mixing of image and label together, for any shape, against a choice per pixel.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NdArray } from '../../../testing/ndArray.ts';
import { expectInvariant, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { info } from './info.ts';
import type { LabelledImages, MixedImages } from './labelledImages.ts';
import { mixBoxes, mixClasses } from './mixRegions.ts';

interface Pair {
  readonly images: NdArray;
  readonly labels: readonly number[];
}
type Shape = readonly [batch: number, height: number, width: number, channels: number];
const shapes = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(1, 3, 19),
);
const seeds = fc.integer({ min: 0, max: 1000 });

function draw(key: string, shape: Shape, classes: number): Pair {
  const labels = [...randomArray(`${key} labels`, shape.slice(0, 3), [0, classes + 1]).data].map(Math.floor);
  return { images: randomArray(key, shape), labels: labels.map((label) => (label < classes ? label : 255)) };
}

const onBackend = ({ images, labels }: Pair): LabelledImages => ({
  images: toTensor(images),
  labels: tf.tensor3d([...labels], images.shape.slice(0, 3) as [number, number, number], 'int32'),
});

/** Compares with the pixels of `inside` where `isInside(pixel)` and of `outside` elsewhere, bit for bit. */
async function check(
  [inside, outside]: readonly [Pair, Pair],
  mix: (inside: LabelledImages, outside: LabelledImages) => MixedImages,
  isInside: (pixel: number) => boolean,
): Promise<void> {
  const channels = inside.images.shape[3]!;
  const results = tf.tidy(() => ({ ...mix(onBackend(inside), onBackend(outside)) }));
  expect(results.labels.dtype).toBe('int32');
  const [images, labels, mask] = await readAll([results.images, results.labels, results.mask]);
  tf.dispose([results.images, results.labels, results.mask]);
  const from = (pixel: number): Pair => (isInside(pixel) ? inside : outside);
  expect([...images!]).toEqual(Array.from(inside.images.data, (_, k) => from(Math.floor(k / channels)).images.data[k]));
  expect([...labels!]).toEqual(inside.labels.map((_, pixel) => from(pixel).labels[pixel]));
  expect([...mask!]).toEqual(inside.labels.map((_, pixel) => (isInside(pixel) ? 1 : 0)));
}

it('pastes boxes', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, seeds, async (shape, seed) => {
      const [batch, height, width] = shape;
      const boxes = [...randomArray(`boxes ${seed}`, [batch, 4], [0, 1]).data].map((share, i) =>
        Math.round(share * (i % 2 === 0 ? height : width)),
      );
      const pair = [draw(`inside ${seed}`, shape, 5), draw(`outside ${seed}`, shape, 5)] as const;
      await check(
        pair,
        (inside, outside) => mixBoxes(inside, outside, tf.tensor2d(boxes, [batch, 4])),
        (pixel) => {
          const [y1 = 0, x1 = 0, y2 = 0, x2 = 0] = boxes.slice(4 * Math.floor(pixel / (height * width)));
          const [row, column] = [Math.floor(pixel / width) % height, pixel % width];
          return row >= y1 && row < y2 && column >= x1 && column < x2;
        },
      );
    }),
    { numRuns: 8 },
  );
});

it('pastes chosen classes, never the ignored label', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.constantFrom(1, 3, 19), seeds, async (shape, classes, seed) => {
      const [batch, height, width] = shape;
      const chosen = [...randomArray(`chosen ${seed}`, [batch, classes]).data].map((value) => (value > 0 ? 1 : 0));
      const pair = [draw(`inside ${seed}`, shape, classes), draw(`outside ${seed}`, shape, classes)] as const;
      await check(
        pair,
        (inside, outside) => mixClasses(inside, outside, tf.tensor2d(chosen, [batch, classes])),
        (pixel) => {
          const label = pair[0].labels[pixel]!;
          return label < classes && chosen[Math.floor(pixel / (height * width)) * classes + label] === 1;
        },
      );
    }),
    { numRuns: 8 },
  );
});

it('refuses boxes for another batch', () => {
  const pair = (): LabelledImages => onBackend(draw('refused', [2, 3, 3, 3], 2));
  expectInvariant(() => tf.tidy(() => void mixBoxes(pair(), pair(), tf.zeros([1, 4]))));
  expectInvariant(() => tf.tidy(() => void mixClasses(pair(), pair(), tf.zeros([3, 2]))));
});

const PAIR = [[2, 5, 6, 4], { int32: [2, 5, 6] }] as const;
itCosts(info, [...PAIR, [2, 4]], ([images, labels, boxes]) => mixBoxes({ images, labels }, { images, labels }, boxes));
itCosts(info, [...PAIR, [2, 19]], ([images, labels, chosen]) =>
  mixClasses({ images, labels }, { images, labels }, chosen),
);
