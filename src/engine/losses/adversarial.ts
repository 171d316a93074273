// What a discriminator's answer is compared with: the cross-entropy of AdaptSegNet (Tsai et al. 2018) and the squares of
// LSGAN (Mao et al. 2017), both against one constant label, averaged over every output.
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
