// What the losses of a discriminator are computed from; the same for the kernels and for the composition.
import type * as tf from '../../tf.ts';

/** `bce`: scores are logits. `lsgan`: scores are compared with the label as they are. */
export type GanLoss = 'bce' | 'lsgan';

/** Scores of which the first `zeros` should be 0 and the others 1, and what one of either kind counts. */
export interface DomainScores {
  readonly scores: tf.Tensor;
  readonly zeros: number;
  readonly weights: readonly [zero: number, one: number];
}
