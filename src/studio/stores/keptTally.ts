// What a threshold keeps, class by class, counted over pictures: of the pixels that were decided for a class, those that
// stay, and of those, where the truth is known, the ones that are right. For display alone.
import { MAX_CLASSES } from '../../domain/classes.ts';
import type { ViewRole } from '../../domain/method.ts';
import type { StepView, ViewsFrame } from '../../domain/pictures.ts';
import {
  emptyQuality,
  type PseudoLabelQuality,
  precisionPerClass,
  withPicture,
} from '../../domain/pseudoLabelQuality.ts';

export interface KeptTally {
  readonly images: number;
  /** Pixels by decided class, before the threshold. */
  readonly decided: Float64Array;
  /** Of them, those that the threshold keeps. */
  readonly kept: Float64Array;
  readonly quality: PseudoLabelQuality;
}

/** With places for as many classes as there can be: pictures do not say how many there are. */
export const EMPTY_TALLY: KeptTally = {
  images: 0,
  decided: new Float64Array(MAX_CLASSES),
  kept: new Float64Array(MAX_CLASSES),
  quality: emptyQuality(MAX_CLASSES),
};

/** Pictures of equal length: decided classes, the same with 255 where they were dropped, and the truth if it is known. */
export interface Decisions {
  readonly images: number;
  readonly decided: Uint8Array;
  readonly labels: Uint8Array;
  readonly truth: Uint8Array | null;
}

export function withDecisions(tally: KeptTally, { images, decided, labels, truth }: Decisions): KeptTally {
  return {
    images: tally.images + images,
    decided: countClasses(tally.decided, decided),
    kept: countClasses(tally.kept, labels),
    quality: truth === null ? tally.quality : withPicture(tally.quality, labels, truth),
  };
}

function countClasses(counts: Float64Array, classes: Uint8Array): Float64Array {
  const next = counts.slice();
  for (const c of classes) if (c < next.length) next[c] = (next[c] ?? 0) + 1;
  return next;
}

export function mergeTallies(tallies: readonly KeptTally[]): KeptTally {
  const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + (b[i] ?? 0));
  return tallies.reduce(
    (all, one) => ({
      images: all.images + one.images,
      decided: sum(all.decided, one.decided),
      kept: sum(all.kept, one.kept),
      quality: {
        evaluated: sum(all.quality.evaluated, one.quality.evaluated),
        correct: sum(all.quality.correct, one.quality.correct),
      },
    }),
    EMPTY_TALLY,
  );
}

/** Kept pixels of those decided for each class, in percent; null where none was. */
export function coveragePerClass({ decided, kept }: KeptTally): readonly (number | null)[] {
  return Array.from(decided, (count, c) => (count === 0 ? null : (100 * (kept[c] ?? 0)) / count));
}

/** Right pixels of those kept for each class whose truth is known, in percent; null where there are none. */
export function rightPerClass({ quality }: KeptTally): readonly (number | null)[] {
  return precisionPerClass(quality).map((share) => (share === null ? null : 100 * share));
}

/** The smallest stored confidence that `tau` keeps: confidences are stored as floor(p * 65535). */
export function thresholdWord(tau: number): number {
  return Math.floor(tau * 65535);
}

/** What the step's own threshold keeps of its target images; null where the method shows no decisions. */
export function tallyOfViews({ views }: ViewsFrame): KeptTally | null {
  const by = (wanted: ViewRole): StepView | undefined => views.find(({ role }) => role === wanted);
  const [decided, kept] = [by('decision'), by('kept')];
  if (decided === undefined || kept === undefined) return null;
  return withDecisions(EMPTY_TALLY, {
    images: decided.count,
    decided: decided.values,
    labels: kept.values,
    truth: by('truth')?.values ?? null,
  });
}
