// The fusion of views pixel by pixel, as the definition says.
import { at, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import type { Affine } from '../core/affine.ts';
import { tapsAt } from '../warpImages/warpImages.reference.ts';
import type { Fusion } from './fusion.ts';

interface FusionReference {
  readonly classes: number[];
  readonly confidence: number[];
  readonly view: number[];
  readonly agreeing: number[];
}

/** Of `logits` [views * batch, height, width, classes]. */
export function fusionReference(
  logits: NdArray,
  toView: readonly Affine[],
  views: number,
  fusion: Fusion,
): FusionReference {
  const [rows, height, width, classes] = shape4(logits);
  const batch = rows / views;
  const result: FusionReference = { classes: [], confidence: [], view: [], agreeing: [] };
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        const seen = Array.from({ length: views }, (_, v) => sample(logits, v * batch + n, toView, i, j));
        const decided = seen.map((p) => (p === null ? -1 : p.indexOf(Math.max(...p))));
        const sure = seen.map((p) => (p === null ? 0 : Math.max(...p)));
        const surest = sure.indexOf(Math.max(...sure));
        const taking = seen.filter((p) => p !== null);
        const mean = Array.from({ length: classes }, (_, c) =>
          taking.reduce((sum, p) => sum + (p[c] ?? 0) / taking.length, 0),
        );
        const votes = mean.map((_, c) => decided.filter((choice) => choice === c).length);
        const rank = fusion === 'vote' ? votes.map((count, c) => 2 * count + (mean[c] ?? 0)) : mean;
        const winner = fusion === 'max' ? Math.max(0, decided[surest] ?? 0) : rank.indexOf(Math.max(...rank));
        result.classes.push(winner);
        result.confidence.push((fusion === 'max' ? sure[surest] : mean[winner]) ?? 0);
        result.view.push(surest);
        result.agreeing.push(votes[winner] ?? 0);
      }
  return result;
}

/** Probabilities that row `row` shows at pixel (i, j) of its image; null where it does not show it. */
function sample(logits: NdArray, row: number, toView: readonly Affine[], i: number, j: number): number[] | null {
  const [, height, width, classes] = shape4(logits);
  const taps = tapsAt(toView[row] ?? [1, 0, 0, 0, 1, 0], i, j).filter(
    (tap) => tap.i >= 0 && tap.i < height && tap.j >= 0 && tap.j < width,
  );
  const seen = taps.reduce((sum, { weight }) => sum + weight, 0);
  if (seen <= 0.999) return null;
  const sum = new Array<number>(classes).fill(0);
  for (const tap of taps) {
    const exponents = sum.map((_, c) => Math.exp(at(logits, row, tap.i, tap.j, c)));
    const total = exponents.reduce((a, b) => a + b, 0);
    exponents.forEach((value, c) => {
      sum[c] = (sum[c] ?? 0) + (tap.weight * value) / total / seen;
    });
  }
  return sum;
}
