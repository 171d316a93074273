// (x - mean) / sqrt(variance + epsilon) over chosen axes, with its closed-form gradient: the common core of batch,
// instance and group normalisation. The variance is the biased one.
import * as tf from '../../tf.ts';

/** Statistics over `axes`, with those axes kept at size 1. */
export function statistics(x: tf.Tensor, axes: readonly number[]): { mean: tf.Tensor; variance: tf.Tensor } {
  const mean = tf.mean(x, [...axes], true);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), [...axes], true) };
}

/**
 * Standardises `x` over `axes`. Gradient (Ioffe and Szegedy 2015, section 3): dx = (dy - mean(dy) - y * mean(dy * y)) / sqrt(variance + epsilon).
 */
export function standardise<T extends tf.Tensor>(x: T, axes: readonly number[], epsilon: number): T {
  const over = [...axes];
  const run = tf.customGrad((input, save) => {
    const mean = tf.mean(input as tf.Tensor, over, true);
    const centred = tf.sub(input as tf.Tensor, mean);
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), over, true), epsilon));
    const y = tf.mul(centred, inverse);
    (save as tf.GradSaveFunc)([y, inverse]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [y, inverse] = saved as [tf.Tensor, tf.Tensor];
        const shift = tf.add(tf.mean(dy, over, true), tf.mul(y, tf.mean(tf.mul(dy, y), over, true)));
        return tf.mul(tf.sub(dy, shift), inverse);
      },
    };
  });
  return run(x) as T;
}
