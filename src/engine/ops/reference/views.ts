// References of geometric views and their fusion: pixel by pixel, as the definitions say.
import type { Affine } from '../affine.ts';
import type { Fusion } from '../fuseViews/fusion.ts';
import { at, build, type NdArray, shape4 } from './ndArray.ts';

interface Tap {
  readonly i: number;
  readonly j: number;
  readonly weight: number;
}

function tapsAt([a, b, c, d, e, f]: Affine, i: number, j: number): Tap[] {
  const x = a * (j + 0.5) + b * (i + 0.5) + c - 0.5;
  const y = d * (j + 0.5) + e * (i + 0.5) + f - 0.5;
  const left = Math.floor(x);
  const top = Math.floor(y);
  return [0, 1].flatMap((down) =>
    [0, 1].map((across) => ({
      i: top + down,
      j: left + across,
      weight: (down === 1 ? y - top : 1 - y + top) * (across === 1 ? x - left : 1 - x + left),
    })),
  );
}

export function warpReference(images: NdArray, toImage: readonly Affine[]): NdArray {
  const [batch, height, width, channels] = shape4(images);
  const clamp = (value: number, last: number): number => Math.min(last, Math.max(0, value));
  return build([toImage.length, height, width, channels], (view, i, j, c) =>
    tapsAt(toImage[view] ?? [1, 0, 0, 0, 1, 0], i, j).reduce(
      (sum, tap) => sum + tap.weight * at(images, view % batch, clamp(tap.i, height - 1), clamp(tap.j, width - 1), c),
      0,
    ),
  );
}

export interface FusionReference {
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
