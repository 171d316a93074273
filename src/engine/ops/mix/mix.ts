// CutMix (Yun et al. 2019) and ClassMix (Olsson et al. 2021): paste the pixels under a mask. By multiplication, never by
// slicing, so that buffers keep their sizes.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

/** `inside` where `mask` [batch, height, width] is 1, `outside` where it is 0; images [batch, height, width, channels]. */
export function mixImages(inside: tf.Tensor4D, outside: tf.Tensor4D, mask: tf.Tensor3D): tf.Tensor4D {
  const sizes = assertShape(inside, ['batch', 'height', 'width', 'channels'], 'mixImages inside');
  assertShape(outside, ['batch', 'height', 'width', 'channels'], 'mixImages outside', sizes);
  assertShape(mask, ['batch', 'height', 'width'], 'mixImages mask', sizes);
  const shown = tf.expandDims(mask, 3);
  return tf.add(tf.mul(inside, shown), tf.mul(outside, tf.sub(1, shown)));
}

/** The same for labels (int32) [batch, height, width]. */
export function mixLabels(inside: tf.Tensor3D, outside: tf.Tensor3D, mask: tf.Tensor3D): tf.Tensor3D {
  const sizes = assertShape(inside, ['batch', 'height', 'width'], 'mixLabels inside');
  assertShape(outside, ['batch', 'height', 'width'], 'mixLabels outside', sizes);
  assertShape(mask, ['batch', 'height', 'width'], 'mixLabels mask', sizes);
  const shown = tf.cast(mask, 'int32');
  return tf.add(tf.mul(inside, shown), tf.mul(outside, tf.sub(tf.scalar(1, 'int32'), shown)));
}
