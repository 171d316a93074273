// What a discriminator's answer is compared with: the cross-entropy of AdaptSegNet (Tsai et al. 2018) and the squares of
// LSGAN (Mao et al. 2017), both against constant labels, averaged over every output; and how often it is right.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import { withGradient } from '../../ops/core/withGradient.ts';
import { withoutGradient } from '../../ops/core/withoutGradient.ts';
import * as tf from '../../tf.ts';
import { judge, judgementGradient } from './domainKernels.ts';
import type { DomainScores, GanLoss } from './domainScores.ts';

/** What a discriminator is to answer; AdaptSegNet's convention. */
export const DOMAIN_LABELS = { source: 0, target: 1 } as const;

/** How far `scores` are from `label`, averaged over all of them. */
export function ganLoss(kind: GanLoss, scores: tf.Tensor, label: 0 | 1): tf.Scalar {
  const { size } = scores;
  return domainLoss(kind, { scores, zeros: label === 0 ? size : 0, weights: [1 / size, 1 / size] }).loss;
}

/** Mean binary cross-entropy of logits against a constant label: max(x, 0) - x * label + log(1 + exp(-|x|)). */
export function bceWithLogits(logits: tf.Tensor, label: 0 | 1): tf.Scalar {
  return ganLoss('bce', logits, label);
}

/** Mean of (prediction - label)^2; whoever trains a discriminator halves the sum of real and fake outside. */
export function lsgan(prediction: tf.Tensor, label: 0 | 1): tf.Scalar {
  return ganLoss('lsgan', prediction, label);
}

export interface Judgement {
  readonly loss: tf.Scalar;
  /** Shares of right answers, detached: one half each is a discriminator that guesses, 1 one that has won. */
  readonly accuracySource: tf.Scalar;
  readonly accuracyTarget: tf.Scalar;
}

/**
 * L_D = (loss(source scores, 0) + loss(target scores, 1)) / 2, either averaged over its own scores. `scores` may have any
 * shape; the first `sources` of them, row-major, are the source's.
 */
export function discriminatorLoss(kind: GanLoss, scores: tf.Tensor, sources: number): Judgement {
  const targets = scores.size - sources;
  invariant(sources > 0 && targets > 0, () => `discriminatorLoss: ${sources} source scores of ${scores.size}.`);
  return domainLoss(kind, { scores, zeros: sources, weights: [0.5 / sources, 0.5 / targets] });
}

function domainLoss(kind: GanLoss, given: DomainScores): Judgement {
  if (!canRunPrograms()) return composedDomainLoss(kind, given);
  // Raw programs are not on the tape: the loss gets its gradient by hand, the shares have none.
  const { loss, right0, right1 } = judge(kind, given);
  const { scores, ...counts } = given;
  const recorded = withGradient(
    [scores],
    () => ({ value: tf.clone(loss), kept: { scores } }),
    (dy, { scores }) => judgementGradient(kind, { ...counts, scores }, dy),
  );
  return { loss: recorded, accuracySource: right0, accuracyTarget: right1 };
}

/** The same in operations of TensorFlow.js. */
function composedDomainLoss(kind: GanLoss, { scores, zeros, weights }: DomainScores): Judgement {
  const flat = tf.reshape(scores, [scores.size]);
  const ones = scores.size - zeros;
  const isOne = tf.concat1d([tf.zeros([zeros]), tf.ones([ones])]);
  const weight = tf.concat1d([tf.fill([zeros], weights[0]), tf.fill([ones], weights[1])]);
  const losses = kind === 'bce' ? binaryCrossEntropy(flat, isOne) : tf.square(tf.sub(flat, isOne));
  const middle = kind === 'bce' ? 0 : 0.5;
  const share = (compare: typeof tf.less, from: number, count: number): tf.Scalar =>
    withoutGradient(() => {
      if (count === 0) return tf.scalar(0);
      return tf.mean(tf.cast(compare(tf.slice(flat, from, count), middle), 'float32'));
    });
  return {
    loss: tf.sum(tf.mul(losses, weight)),
    accuracySource: share(tf.less, 0, zeros),
    accuracyTarget: share(tf.greater, zeros, ones),
  };
}

function binaryCrossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return withGradient(
    [logits],
    () => {
      const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
      return { value: tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), tail), kept: { logits, labels } };
    },
    (dy, { logits, labels }) => tf.mul(dy, tf.sub(tf.sigmoid(logits), labels)),
  );
}
