// (x - mean) / sqrt(variance + epsilon) over chosen axes, with its closed-form gradient: the common core of batch,
// instance and group normalisation. The variance is the biased one.
import * as tf from '../../tf.ts';
import { withGradient } from '../core/withGradient.ts';

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
  return withGradient(
    [x],
    () => {
      const mean = tf.mean(x, over, true);
      const centred = tf.sub(x, mean);
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), over, true), epsilon));
      const y = tf.mul<T>(centred, inverse);
      return { value: y, kept: { y, inverse } };
    },
    (dy, { y, inverse }) => {
      const shift = tf.add(tf.mean(dy, over, true), tf.mul(y, tf.mean(tf.mul(dy, y), over, true)));
      return tf.mul(tf.sub(dy, shift), inverse);
    },
  );
}
