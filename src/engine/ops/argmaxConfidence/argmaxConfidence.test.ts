// What a network decides, and how sure it is, against softmax in float64.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { map, sizeOf } from '../../../testing/ndArray.ts';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { allValuesOf, valuesOf } from '../../../testing/opValues.ts';
import { logSoftmaxReference } from '../core/softmax.reference.ts';
import { argmaxConfidence, confidenceMask } from './argmaxConfidence.ts';
import { info } from './info.ts';

const RUNS = 8;
const side = fc.integer({ min: 1, max: 9 });
const batch = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1000 });

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

it('decisions are the first largest class, with its probability', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(batch, side, side, fc.constantFrom(1, 3, 19)),
      fc.constantFrom(0.5, 1, 2),
      seeds,
      async (shape, temperature, seed) => {
        const classes = shape[3];
        // Whole numbers tie often.
        const logits = map(randomArray(`logits ${seed}`, shape, [-4, 4]), Math.round);
        const threshold = 0.5;
        const [chosen, confidence, mask] = await allValuesOf(() => {
          const { classes, confidence } = argmaxConfidence(toTensor(logits), temperature);
          return [classes, confidence, confidenceMask(toTensor(logits), threshold, temperature)];
        });
        const rows = Array.from({ length: sizeOf(shape) / classes }, (_, pixel) => pixel * classes);
        const best = rows.map((first) => {
          const row = [...logits.data.subarray(first, first + classes)];
          return row.indexOf(Math.max(...row));
        });
        const logP = logSoftmaxReference(logits, temperature).data;
        const sure = rows.map((first, pixel) => Math.exp(logP[first + best[pixel]!]!));
        expect([...chosen!]).toEqual(best);
        expectClose(confidence!, sure, 'elementwise');
        const isClear = (p: number): boolean => Math.abs(p - threshold) > 1e-4;
        expect([...mask!].filter((_, i) => isClear(sure[i]!))).toEqual(
          sure.filter(isClear).map((p) => (p >= threshold ? 1 : 0)),
        );
      },
    ),
    { numRuns: RUNS },
  );
});

itCosts(info, [[2, 5, 6, 4]], ([x]) => argmaxConfidence(x));
