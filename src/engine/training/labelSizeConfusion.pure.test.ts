// Scores against labels of another size: every pixel as the formula of bilinear interpolation says, in doubles, whatever the strips.
import { expect, test } from 'vitest';
import type { Size } from '../../domain/dataset.ts';
import { RandomStream } from '../../domain/rng.ts';
import { type LabelMap, LabelSizeConfusion, stripsOf } from './labelSizeConfusion.ts';

const IGNORED = 255;

/** Four corners weighted at once: PyTorch's upsample_bilinear2d with align_corners = false, written out. */
function reference(scores: Float32Array, size: Size, classes: number, truth: LabelMap): Float64Array {
  const confusion = new Float64Array(classes * classes);
  const at = (y: number, x: number, c: number): number => scores[(y * size.width + x) * classes + c]!;
  const sides = (i: number, from: number, to: number) => {
    const centre = Math.max(0, (i + 0.5) * (from / to) - 0.5);
    const low = Math.min(Math.floor(centre), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: centre - low };
  };
  truth.labels.forEach((label, i) => {
    if (label === IGNORED) return;
    const y = sides(Math.floor(i / truth.width), size.height, truth.height);
    const x = sides(i % truth.width, size.width, truth.width);
    const values = Array.from(
      { length: classes },
      (_, c) =>
        (1 - y.share) * ((1 - x.share) * at(y.low, x.low, c) + x.share * at(y.low, x.high, c)) +
        y.share * ((1 - x.share) * at(y.high, x.low, c) + x.share * at(y.high, x.high, c)),
    );
    confusion[label * classes + values.indexOf(Math.max(...values))]! += 1;
  });
  return confusion;
}

const random = new RandomStream(3, 'label sizes');
const scoresFor = ({ width, height }: Size, classes: number): Float32Array =>
  Float32Array.from({ length: width * height * classes }, () => random.uniform() - 0.5);
const truthOf = (width: number, height: number, classes: number): LabelMap => ({
  width,
  height,
  labels: Uint8Array.from({ length: width * height }, () =>
    random.integer(5) === 0 ? IGNORED : random.integer(classes),
  ),
});

test.each([
  ['larger, a whole multiple', 8, 4, 32, 16, 19],
  ['larger, no multiple', 8, 8, 27, 13, 19],
  ['of the same size', 8, 4, 8, 4, 3],
  ['smaller', 16, 8, 7, 5, 5],
  ['wider and lower', 4, 16, 40, 3, 33],
  ['against a single score', 1, 1, 5, 4, 2],
])('labels %s', (_, width, height, labelWidth, labelHeight, classes) => {
  const size = { width, height };
  const scores = scoresFor(size, classes);
  const truth = truthOf(labelWidth, labelHeight, classes);
  const expected = reference(scores, size, classes, truth);
  for (const maxRows of [2, 3, 1000]) {
    const counted = new LabelSizeConfusion(size, classes);
    const row = width * classes;
    for (const strip of stripsOf(height, labelHeight, maxRows)) {
      expect(strip.count).toBeLessThanOrEqual(maxRows);
      counted.add(scores.subarray(strip.first * row, (strip.first + strip.count) * row), strip, truth);
    }
    expect(counted.confusion, `${maxRows} rows`).toEqual(expected);
  }
});

test('pictures with labels of several sizes are counted into one matrix', () => {
  const size = { width: 4, height: 4 };
  const scores = scoresFor(size, 3);
  const truths = [truthOf(9, 9, 3), truthOf(4, 6, 3)];
  const counted = new LabelSizeConfusion(size, 3);
  for (const truth of truths) for (const strip of stripsOf(4, truth.height, 4)) counted.add(scores, strip, truth);
  const [first, second] = truths.map((truth) => reference(scores, size, 3, truth));
  expect(counted.confusion).toEqual(first!.map((count, i) => count + second![i]!));
});

test('of equal scores the first class is said', () => {
  const counted = new LabelSizeConfusion({ width: 1, height: 1 }, 2);
  const truth = { width: 2, height: 1, labels: Uint8Array.of(1, IGNORED) };
  counted.add(Float32Array.of(1, 1), { from: 0, to: 1, first: 0, count: 1 }, truth);
  expect([...counted.confusion]).toEqual([0, 0, 1, 0]);
});
