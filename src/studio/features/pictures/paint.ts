// What the model thinks, as pixels and counts. Pure: the threshold slider calls these, and never the model.
import { IGNORE } from '../../../domain/classes.ts';
import { thresholdWord } from '../../stores/keptTally.ts';
import { packRgba } from '../../ui/pixels.ts';

/** How much of an image a threshold keeps, and how much of that is right. */
export interface KeptCounts {
  readonly pixels: number;
  readonly kept: number;
  /** Kept pixels whose truth is known. */
  readonly judged: number;
  /** Of those, the ones predicted right. */
  readonly correct: number;
}

/** Share of the pixels that are kept, in percent; NaN without pixels. */
export function coverageOf({ kept, pixels }: KeptCounts): number {
  return pixels === 0 ? Number.NaN : (100 * kept) / pixels;
}

/** Share of the kept pixels with known truth that are right, in percent; NaN without any. */
export function precisionOf({ correct, judged }: KeptCounts): number {
  return judged === 0 ? Number.NaN : (100 * correct) / judged;
}

export function addCounts(left: KeptCounts, right: KeptCounts): KeptCounts {
  return {
    pixels: left.pixels + right.pixels,
    kept: left.kept + right.kept,
    judged: left.judged + right.judged,
    correct: left.correct + right.correct,
  };
}

export const NO_COUNTS: KeptCounts = { pixels: 0, kept: 0, judged: 0, correct: 0 };

/** Counts what `tau` keeps of one image. `truth` is null where the image has no labels. */
export function countKept(
  classes: Uint8Array,
  confidence: Uint16Array,
  truth: Uint8Array | null,
  tau: number,
): KeptCounts {
  const least = thresholdWord(tau);
  let kept = 0;
  let judged = 0;
  let correct = 0;
  for (let pixel = 0; pixel < classes.length; pixel++) {
    if ((confidence[pixel] ?? 0) < least) continue;
    kept++;
    const label = truth === null ? IGNORE : (truth[pixel] ?? IGNORE);
    if (label === IGNORE) continue;
    judged++;
    if (label === classes[pixel]) correct++;
  }
  return { pixels: classes.length, kept, judged, correct };
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

/** Confidence as viridis, 0 to 1. */
export function paintConfidence(confidence: Uint16Array, out: Uint32Array): void {
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = VIRIDIS[(confidence[pixel] ?? 0) >> 8] ?? 0;
}

/** A map of bytes as viridis, 0 to 255. */
export function paintMap(values: Uint8Array, out: Uint32Array): void {
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = VIRIDIS[values[pixel] ?? 0] ?? 0;
}

/** Nine anchors of matplotlib's viridis (CC0), 0 to 1 in equal steps. */
export const VIRIDIS_ANCHORS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

const VIRIDIS: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  const position = (index / 255) * (VIRIDIS_ANCHORS.length - 1);
  const low = VIRIDIS_ANCHORS[Math.floor(position)] ?? [0, 0, 0];
  const high = VIRIDIS_ANCHORS[Math.ceil(position)] ?? low;
  const share = position - Math.floor(position);
  const channel = (at: 0 | 1 | 2): number => Math.round(low[at] + (high[at] - low[at]) * share);
  return packRgba(channel(0), channel(1), channel(2));
});
