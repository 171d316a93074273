// What a network decides about every pixel.
import type * as tf from '../../tf.ts';

export interface Decision {
  /** Most probable class, int32 [batch, height, width]; the lowest index on a tie. */
  readonly classes: tf.Tensor3D;
  /** Its probability, float32 [batch, height, width]. */
  readonly confidence: tf.Tensor3D;
}
