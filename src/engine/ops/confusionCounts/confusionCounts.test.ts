// Counts against loops: exact whatever the counts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomArray } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { allValuesOf, valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { confusionCounts } from './confusionCounts.ts';
import { info } from './info.ts';

const RUNS = 8;
const side = fc.integer({ min: 1, max: 9 });
const batch = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

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
    const counts = tf.tidy(() => confusionCounts(tf.zeros([1, 1, 1], 'int32'), tf.zeros([1, 1, 1], 'int32'), 19));
    expect([counts.dtype, counts.shape]).toEqual(['int32', [361]]);
    counts.dispose();
  });
});

it('confusion counts are those of a loop', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(batch, side, side),
      fc.constantFrom(2, 3, 19, 33, 64),
      seeds,
      async (shape, classes, seed) => {
        const draw = (key: string): number[] =>
          [...randomArray(`${key} ${seed}`, shape, [0, classes + 1]).data].map((v) =>
            v < classes ? Math.floor(v) : 255,
          );
        const truth = draw('truth');
        const predicted = draw('predicted');
        const onBackend = (labels: number[]): tf.Tensor3D => tf.tensor3d(labels, shape, 'int32');
        const [counts] = await allValuesOf(() => [confusionCounts(onBackend(truth), onBackend(predicted), classes)]);
        const expected = new Array<number>(classes * classes).fill(0);
        truth.forEach((label, i) => {
          if (label < classes && predicted[i]! < classes) expected[label * classes + predicted[i]!]! += 1;
        });
        expect([...counts!]).toEqual(expected);
      },
    ),
    { numRuns: RUNS },
  );
});

itCosts(info, [{ int32: [2, 5, 6] }, { int32: [2, 5, 6] }], ([truth, predicted]) =>
  confusionCounts(truth, predicted, 19),
);
