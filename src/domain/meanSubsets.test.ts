// Means over subsets of classes, against the protocols' own lists and by hand.
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from './classes.ts';
import { isOffered, MEAN_SUBSETS, withMeanOver } from './meanSubsets.ts';
import type { SegmentationScores } from './metrics.ts';

/** Class c has an IoU of c + 1 percent; `train` occurs nowhere. */
const scores: SegmentationScores = {
  ...{ mIoU: Number.NaN, classesCounted: 18, aAcc: 50, pixels: 100 },
  iou: CITYSCAPES_CLASSES.map(({ trainId, name }) => (name === 'train' ? null : trainId + 1)),
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('SYNTHIA’s protocols leave out terrain, truck and train, and wall, fence and pole', () => {
  const left = MEAN_SUBSETS.map(({ names }) =>
    CITYSCAPES_CLASSES.flatMap(({ name, trainId }) => (names.includes(name) ? [] : [trainId])),
  );
  expect(left).toEqual([
    [9, 14, 16],
    [3, 4, 5, 9, 14, 16],
  ]);
});

test('the mean is over the classes of the subset that occur; the rest of the scores stays', () => {
  const [sixteen, thirteen] = MEAN_SUBSETS;
  const all = Array.from({ length: 19 }, (_, c) => c + 1);
  const over = (without: readonly number[]) => mean(all.filter((_, c) => !without.includes(c)));
  const of16 = withMeanOver(scores, sixteen!, CITYSCAPES_CLASSES);
  expect(of16).toMatchObject({ classesCounted: 16, iou: scores.iou, aAcc: scores.aAcc });
  expect(of16.mIoU).toBeCloseTo(over([9, 14, 16]), 12);
  expect(withMeanOver(scores, thirteen!, CITYSCAPES_CLASSES).mIoU).toBeCloseTo(over([3, 4, 5, 9, 14, 16]), 12);
  const own = { id: 'own', names: ['road', 'train', 'sidewalk'] };
  expect(withMeanOver(scores, own, CITYSCAPES_CLASSES)).toMatchObject({ mIoU: 1.5, classesCounted: 2 });
  expect(withMeanOver(scores, { id: 'own', names: [] }, CITYSCAPES_CLASSES).mIoU).toBeNaN();
});

test('a subset is offered where the set has all its classes, in whatever order', () => {
  const [sixteen] = MEAN_SUBSETS;
  expect(isOffered(sixteen!, CITYSCAPES_CLASSES.toReversed())).toBe(true);
  expect(isOffered(sixteen!, CITYSCAPES_CLASSES.slice(1))).toBe(false);
});
