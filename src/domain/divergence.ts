// When self-training has begun to believe itself: what one round's pseudo-labels say beside those of the round before.
// No truth of the target is looked at, but for what few labels were held out of training.
import type { PseudoLabelStatistics } from './pseudoLabels.ts';

/** A class that keeps less than this part of its former share of the labels has collapsed. */
const COLLAPSED_TO = 0.2;
/** Nearly everything kept while the views agree less: sure, and for no reason. */
const SATURATED_COVERAGE = 0.98;

export type Divergence =
  | { readonly kind: 'class-collapse'; readonly class: number; readonly before: number; readonly after: number }
  | { readonly kind: 'over-confident'; readonly coverage: number; readonly before: number; readonly after: number };

/** Reasons to halt, most telling first: none, and the next round may begin. `before` and `after` are shares, or agreements. */
export function divergences(previous: PseudoLabelStatistics, current: PseudoLabelStatistics): readonly Divergence[] {
  const collapsed = previous.classes.flatMap(({ share: before }, index): Divergence[] => {
    const after = current.classes[index]?.share ?? 0;
    return after < COLLAPSED_TO * before ? [{ kind: 'class-collapse', class: index, before, after }] : [];
  });
  const { coverage } = current;
  const [before, after] = [previous.agreement, current.agreement];
  const isBlind = coverage > SATURATED_COVERAGE && after < before;
  return [...collapsed, ...(isBlind ? [{ kind: 'over-confident', coverage, before, after } as const] : [])];
}

export interface RoundOutcome {
  readonly statistics: PseudoLabelStatistics;
  /** mIoU on labelled target images that were kept out of training, in percent; null where there are none. */
  readonly heldOutMIoU: number | null;
}

/**
 * The stop rule: labels grow surer or more while what is known of the target is predicted no better. Never true without held-out
 * labels; then a fixed number of rounds decides. The validation set must not be passed here.
 */
export function stopsPaying(previous: RoundOutcome, current: RoundOutcome): boolean {
  if (previous.heldOutMIoU === null || current.heldOutMIoU === null) return false;
  const [before, after] = [previous.statistics, current.statistics];
  const isSurer = after.meanConfidence > before.meanConfidence || after.coverage > before.coverage;
  return isSurer && current.heldOutMIoU <= previous.heldOutMIoU;
}
