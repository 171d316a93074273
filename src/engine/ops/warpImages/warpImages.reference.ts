// Geometric views pixel by pixel, as the definition says.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import { type Affine, composed, translation } from '../core/affine.ts';

interface Tap {
  readonly i: number;
  readonly j: number;
  readonly weight: number;
}

/** The four pixels around the place that a map sends pixel (i, j) to, with their bilinear weights. */
export function tapsAt([a, b, c, d, e, f]: Affine, i: number, j: number): Tap[] {
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

/** A quarter turn's tenth about (cx, cy), with a little shear: no pixel falls on a pixel. */
export const turned = (cx: number, cy: number): Affine =>
  composed(translation(cx, cy), composed([0.97, 0.21, 0.13, -0.23, 1.02, 0.07], translation(-cx, -cy)));
