// Bytes to the range that the networks take.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

/** x / 127.5 - 1 of RGB bytes (int32) [batch, height, width, 3]: float32 in [-1, 1]. */
export function normaliseImages(bytes: tf.Tensor4D): tf.Tensor4D {
  assertShape(bytes, ['batch', 'height', 'width', 3], 'normaliseImages bytes');
  return tf.sub(tf.div(tf.cast(bytes, 'float32'), 127.5), 1);
}
