// What goes into the choice of confident labels and what comes out; the same for the kernel and for the composition.
import type * as tf from '../../tf.ts';

export interface ConfidentLabels {
  /** Most probable class, 255 where its probability stays below the threshold; int32 [batch, height, width]. */
  readonly labels: tf.Tensor3D;
  /** 1 where a class was given, 0 elsewhere; float32 [batch, height, width]. */
  readonly kept: tf.Tensor3D;
}
export interface ConfidentLabelsOptions {
  readonly temperature: tf.Scalar;
  /** Of the probability softmax(logits / temperature). */
  readonly threshold: tf.Scalar;
}
