// What is mixed, and what comes of it.
import type * as tf from '../../tf.ts';

export interface LabelledImages {
  /** [batch, height, width, channels] */
  readonly images: tf.Tensor4D;
  /** int32 [batch, height, width] */
  readonly labels: tf.Tensor3D;
}
export interface MixedImages extends LabelledImages {
  /** float32 [batch, height, width]: 1 where `inside` shows, else 0. */
  readonly mask: tf.Tensor3D;
}
