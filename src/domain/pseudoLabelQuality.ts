// How right pseudo-labels are, where the truth is known: for display alone. Nothing that trains, chooses or stops may look
// at it; the guards for that are in divergence.ts and know no truth.
import { IGNORE } from './classes.ts';
import { invariant } from './errors.ts';

/** Kept pixels with a known truth, per class of the pseudo-label. */
export interface PseudoLabelQuality {
  readonly evaluated: Float64Array;
  readonly correct: Float64Array;
}

export function emptyQuality(classes: number): PseudoLabelQuality {
  return { evaluated: new Float64Array(classes), correct: new Float64Array(classes) };
}

/** Counts one more picture, or several at once: pixels that were dropped or have no truth are left out. */
export function withPicture(
  { evaluated, correct }: PseudoLabelQuality,
  labels: Uint8Array,
  truth: Uint8Array,
): PseudoLabelQuality {
  invariant(labels.length === truth.length, () => `${labels.length} labels for ${truth.length} pixels of truth.`);
  const next = { evaluated: evaluated.slice(), correct: correct.slice() };
  labels.forEach((label, i) => {
    const own = truth[i] ?? IGNORE;
    if (label >= evaluated.length || own >= evaluated.length) return;
    next.evaluated[label] = (next.evaluated[label] ?? 0) + 1;
    if (own === label) next.correct[label] = (next.correct[label] ?? 0) + 1;
  });
  return next;
}

/** Share of the kept pixels of each class that are right, 0..1; null where none could be evaluated. */
export function precisionPerClass({ evaluated, correct }: PseudoLabelQuality): readonly (number | null)[] {
  return Array.from(evaluated, (count, c) => (count === 0 ? null : (correct[c] ?? 0) / count));
}

/** Share of all kept pixels that are right; null where none could be evaluated. */
export function precision({ evaluated, correct }: PseudoLabelQuality): number | null {
  const [all, right] = [evaluated, correct].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  return all === undefined || right === undefined || all === 0 ? null : right / all;
}
