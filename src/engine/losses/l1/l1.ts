// Mean absolute difference: CycleGAN's cycle and identity loss (Zhu et al. 2017), before its weight.

import { assertShape } from '../../ops/core/assertShape.ts';
import * as tf from '../../tf.ts';

/** Mean of |a - b| over all elements; equal shapes. */
export function l1(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  assertShape(b, a.shape, 'l1 b');
  return tf.mean(tf.abs(tf.sub(a, b)));
}
