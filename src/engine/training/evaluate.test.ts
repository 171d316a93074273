import { expect, it } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { HostBatch } from '../../domain/dataset.ts';
import { scoresOf } from '../../domain/metrics.ts';
import { RandomStream } from '../../domain/rng.ts';
import * as tf from '../tf.ts';
import { evaluate } from './evaluate.ts';

const IGNORED = 255;
const ROAD = 0;
const SIZE = { width: 7, height: 5 };
const PIXELS = 35;

/** Batches of one, two and three images under random labels of six classes, a quarter of the pixels ignored. */
const random = new RandomStream(5, 'evaluate');
const BATCHES: readonly HostBatch[] = [1, 2, 3].map((count) => ({
  size: SIZE,
  count,
  images: new Uint8Array(count * PIXELS * 3),
  labels: Uint8Array.from({ length: count * PIXELS }, () => (random.integer(4) === 0 ? IGNORED : random.integer(6))),
}));
async function* batches(): AsyncGenerator<HostBatch> {
  yield* BATCHES;
}
const LABELS = BATCHES.flatMap(({ labels }) => [...(labels ?? [])]);
const counted = LABELS.filter((label) => label !== IGNORED).length;
const roads = LABELS.filter((label) => label === ROAD).length;

/** Scores whose argument of the maximum is the truth, in the order of the batches; class 3 where there is none. */
function truth() {
  let at = 0;
  return (images: tf.Tensor4D): tf.Tensor4D => {
    const [count] = images.shape;
    const labels = LABELS.slice(at, at + count * PIXELS);
    at += count * PIXELS;
    const classes = labels.map((label) => (label === IGNORED ? 3 : label));
    const shape = [count, SIZE.height, SIZE.width] as [number, number, number];
    return tf.oneHot(tf.tensor3d(classes, shape, 'int32'), CITYSCAPES_CLASSES.length, 1, 0, 'float32') as tf.Tensor4D;
  };
}

it('gives the truth 100 %, whatever is said of ignored pixels', async () => {
  const { images, confusion, step } = await evaluate(truth(), batches(), 17);
  const { iou, mIoU, aAcc, pixels } = scoresOf(confusion);
  expect({ images, step, mIoU, aAcc, pixels }).toEqual({
    images: 6,
    step: 17,
    mIoU: 100,
    aAcc: 100,
    pixels: counted,
  });
  expect(iou.slice(0, 6)).toEqual([100, 100, 100, 100, 100, 100]);
});

it('gives a picture of nothing but road the share of road, and 0 to every other class that is there', async () => {
  const road = (images: tf.Tensor4D): tf.Tensor4D => {
    const [count] = images.shape;
    return tf.oneHot(
      tf.zeros([count, SIZE.height, SIZE.width], 'int32'),
      CITYSCAPES_CLASSES.length,
      1,
      0,
      'float32',
    ) as tf.Tensor4D;
  };
  const { confusion } = await evaluate(road, batches(), 0);
  const { iou, mIoU, pixels } = scoresOf(confusion);
  expect(pixels).toBe(counted);
  expect(iou[ROAD]).toBeCloseTo((100 * roads) / counted, 10);
  expect(iou.slice(1, 6)).toEqual([0, 0, 0, 0, 0]);
  expect(mIoU).toBeCloseTo((100 * roads) / counted / 6, 10);
});
