// The evaluation at label size on a backend: in whole pieces or small ones, and as the tile-size one where sizes agree.
import { expect, it } from 'vitest';
import { RandomStream } from '../../domain/rng.ts';
import * as tf from '../tf.ts';
import { evaluate } from './evaluate.ts';
import { evaluateAtLabels, type LabelledPicture } from './evaluateAtLabels.ts';

const SIZE = { width: 8, height: 6 };
const CLASSES = 5;
const random = new RandomStream(9, 'label size');
const bytes = (length: number, below: number): Uint8Array => Uint8Array.from({ length }, () => random.integer(below));
const picture = (width: number, height: number): LabelledPicture => ({
  image: bytes(SIZE.width * SIZE.height * 3, 256),
  truth: { width, height, labels: bytes(width * height, CLASSES) },
});
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
const weights = Array.from({ length: 3 * CLASSES }, () => random.uniform() - 0.5);
const predict = (images: tf.Tensor4D): tf.Tensor4D =>
  tf.conv2d(images, tf.tensor4d(weights, [1, 1, 3, CLASSES]), 1, 'valid') as tf.Tensor4D;

it('gives the same however scores are read, and tells the sizes of labels', async () => {
  const pictures = [picture(32, 24), picture(32, 24), picture(19, 11)];
  const whole = await evaluateAtLabels(predict, each(pictures), SIZE);
  expect(whole).toMatchObject({
    images: 3,
    labelSizes: [
      { width: 32, height: 24, images: 2 },
      { width: 19, height: 11, images: 1 },
    ],
  });
  expect(whole.confusion.reduce((sum, count) => sum + count)).toBe(2 * 32 * 24 + 19 * 11);
  const rowBytes = 4 * SIZE.width * CLASSES;
  const before = tf.memory().numTensors;
  expect(await evaluateAtLabels(predict, each(pictures), SIZE, 2 * rowBytes)).toEqual(whole);
  expect(tf.memory().numTensors).toBe(before);
});

it('counts labels of the network’s own size as the tile-size evaluation does', async () => {
  const pictures = [picture(SIZE.width, SIZE.height), picture(SIZE.width, SIZE.height)];
  const batches = pictures.map(({ image, truth }) => ({ size: SIZE, count: 1, images: image, labels: truth.labels }));
  const { confusion } = await evaluateAtLabels(predict, each(pictures), SIZE);
  expect(confusion).toEqual((await evaluate(predict, each(batches), 0)).confusion);
});
