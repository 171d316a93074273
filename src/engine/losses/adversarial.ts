// What a discriminator's answer is compared with: the cross-entropy of AdaptSegNet (Tsai et al. 2018) and the squares of
// LSGAN (Mao et al. 2017), both against one constant label, averaged over every output; and how often it is right.
import * as tf from '../tf.ts';

/** Mean binary cross-entropy of logits against a constant label: max(x, 0) - x * label + log(1 + exp(-|x|)). */
export function bceWithLogits(logits: tf.Tensor, label: 0 | 1): tf.Scalar {
  const run = tf.customGrad((input, save) => {
    const x = input as tf.Tensor;
    (save as tf.GradSaveFunc)([x]);
    const tail = tf.log1p(tf.exp(tf.neg(tf.abs(x))));
    // max(x, 0) - x for label 1 is max(-x, 0).
    const hinge = tf.relu(label === 1 ? tf.neg(x) : x);
    return {
      value: tf.mean(tf.add(hinge, tail)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x] = saved as [tf.Tensor];
        return tf.mul(tf.sub(tf.sigmoid(x), label), tf.div(dy, x.size));
      },
    };
  });
  return run(logits) as tf.Scalar;
}

/** Mean of (prediction - label)^2; whoever trains a discriminator halves the sum of real and fake outside. */
export function lsgan(prediction: tf.Tensor, label: number): tf.Scalar {
  return tf.mean(tf.square(tf.sub(prediction, label)));
}

/** `bce`: scores are logits. `lsgan`: scores are compared with the label as they are. */
export type GanLoss = 'bce' | 'lsgan';
/** What a discriminator answers; AdaptSegNet's convention. */
export const DOMAIN_LABELS = { source: 0, target: 1 } as const;
export type DomainLabel = (typeof DOMAIN_LABELS)[keyof typeof DOMAIN_LABELS];

/** How far `scores` are from `label`, averaged over all of them. */
export function ganLoss(kind: GanLoss, scores: tf.Tensor, label: DomainLabel): tf.Scalar {
  return kind === 'bce' ? bceWithLogits(scores, label) : lsgan(scores, label);
}

/** Share of `scores` that are nearer to `label` than to the other: 0.5 is a discriminator that guesses, 1 one that has won. */
export function ganAccuracy(kind: GanLoss, scores: tf.Tensor, label: DomainLabel): tf.Scalar {
  const border = kind === 'bce' ? 0 : 0.5;
  const isRight = label === 1 ? tf.greater(scores, border) : tf.less(scores, border);
  return tf.mean(tf.cast(isRight, 'float32'));
}
