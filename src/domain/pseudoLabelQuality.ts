// How right pseudo-labels are, where the truth is known: for display alone. Nothing that trains, chooses or stops may look
// at it; the guards for that are in divergence.ts and know no truth.
import { IGNORE } from './classes.ts';
import { invariant } from './errors.ts';

/** Kept pixels with a known truth, per class of the pseudo-label. */
export interface PseudoLabelQuality {
  readonly judged: Float64Array;
  readonly correct: Float64Array;
}

export function emptyQuality(classes: number): PseudoLabelQuality {
  return { judged: new Float64Array(classes), correct: new Float64Array(classes) };
}

/** Counts one more picture, or several at once: pixels that were dropped or have no truth are left out. */
export function withPicture(
  { judged, correct }: PseudoLabelQuality,
  labels: Uint8Array,
  truth: Uint8Array,
): PseudoLabelQuality {
  invariant(labels.length === truth.length, () => `${labels.length} labels for ${truth.length} pixels of truth.`);
  const next = { judged: judged.slice(), correct: correct.slice() };
  labels.forEach((label, i) => {
    const own = truth[i] ?? IGNORE;
    if (label >= judged.length || own >= judged.length) return;
    next.judged[label] = (next.judged[label] ?? 0) + 1;
    if (own === label) next.correct[label] = (next.correct[label] ?? 0) + 1;
  });
  return next;
}

/** Share of the kept pixels of each class that are right, 0..1; null where none could be judged. */
export function precisionPerClass({ judged, correct }: PseudoLabelQuality): readonly (number | null)[] {
  return Array.from(judged, (count, c) => (count === 0 ? null : (correct[c] ?? 0) / count));
}

/** Share of all kept pixels that are right; null where none could be judged. */
export function precision({ judged, correct }: PseudoLabelQuality): number | null {
  const [all, right] = [judged, correct].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  return all === undefined || right === undefined || all === 0 ? null : right / all;
}
