// What the model thinks, as pixels and counts. Pure: the threshold slider calls these, and never the model.
import { IGNORE } from '../../../domain/classes.ts';
import { thresholdWord } from '../../stores/keptTally.ts';
import { packRgba } from '../../ui/pixels.ts';

/** How much of an image a threshold keeps, and how much of that is right. */
export interface KeptCounts {
  readonly pixels: number;
  readonly kept: number;
  /** Kept pixels whose truth is known. */
  readonly evaluated: number;
  /** Of those, the ones predicted right. */
  readonly correct: number;
}

/** Share of the pixels that are kept, in percent; NaN without pixels. */
export function coverageOf({ kept, pixels }: KeptCounts): number {
  return pixels === 0 ? Number.NaN : (100 * kept) / pixels;
}

/** Share of the kept pixels with known truth that are right, in percent; NaN without any. */
export function precisionOf({ correct, evaluated }: KeptCounts): number {
  return evaluated === 0 ? Number.NaN : (100 * correct) / evaluated;
}

export function addCounts(left: KeptCounts, right: KeptCounts): KeptCounts {
  return {
    pixels: left.pixels + right.pixels,
    kept: left.kept + right.kept,
    evaluated: left.evaluated + right.evaluated,
    correct: left.correct + right.correct,
  };
}

export const NO_COUNTS: KeptCounts = { pixels: 0, kept: 0, evaluated: 0, correct: 0 };

/** Counts what `tau` keeps of one image. `truth` is null where the image has no labels. */
export function countKept(
  classes: Uint8Array,
  confidence: Uint16Array,
  truth: Uint8Array | null,
  tau: number,
): KeptCounts {
  const least = thresholdWord(tau);
  let kept = 0;
  let evaluated = 0;
  let correct = 0;
  for (let pixel = 0; pixel < classes.length; pixel++) {
    if ((confidence[pixel] ?? 0) < least) continue;
    kept++;
    const label = truth === null ? IGNORE : (truth[pixel] ?? IGNORE);
    if (label === IGNORE) continue;
    evaluated++;
    if (label === classes[pixel]) correct++;
  }
  return { pixels: classes.length, kept, evaluated, correct };
}

/** Rejected pixels: a shade that lets the photo show through faintly. */
export const REJECTED = packRgba(6, 8, 11, 200);

/** The pseudo-label mask: kept pixels in their class colour, the rest shaded. */
export function paintPseudoLabels(
  classes: Uint8Array,
  confidence: Uint16Array,
  tau: number,
  colours: Uint32Array,
  out: Uint32Array,
): void {
  const least = thresholdWord(tau);
  for (let pixel = 0; pixel < out.length; pixel++) {
    out[pixel] = (confidence[pixel] ?? 0) >= least ? (colours[classes[pixel] ?? IGNORE] ?? 0) : REJECTED;
  }
}
