// PyTorch's detach: a result that the tape takes for a constant.
import * as tf from '../../tf.ts';

/** Runs `compute` hidden from the tape: no gradient flows through its result, also where an operation in it has none. */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  // The tape records one operation on this constant, and so no path to anything that `compute` has looked at.
  const hidden = tf.customGrad((constant) => ({ value: compute(), gradFunc: () => constant as tf.Tensor }));
  return hidden(tf.scalar(0)) as T;
}
