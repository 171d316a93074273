// Photometric augmentation on the GPU. The factors are drawn on the host beforehand, one row per image.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { jitterImages } from './jitterKernels.ts';

/** Columns of the factors: contrast and saturation multiply (1 leaves as is), the others are added (0 leaves as is). */
export const JITTER_FACTORS = ['contrast', 'saturation', 'brightness', 'red', 'green', 'blue'] as const;

// Jittered pixels may leave [-1, 1] a little, as a bright photo would before clipping, but no further.
const LIMIT = 1.2;

/** Jitters `images` [batch, height, width, 3] in [-1, 1] by `factors` [batch, 6]: contrast about the image's mean, then saturation about the pixel's, then offsets. */
export function colourJitter(images: tf.Tensor4D, factors: tf.Tensor2D): tf.Tensor4D {
  const sizes = assertShape(images, ['batch', 'height', 'width', 3], 'colourJitter images');
  assertShape(factors, ['batch', JITTER_FACTORS.length], 'colourJitter factors', sizes);
  if (canRunPrograms()) return jitterImages(images, factors, LIMIT);
  const [batch] = images.shape;
  const factor = (column: number, columns = 1): tf.Tensor4D =>
    tf.reshape(tf.slice(factors, [0, column], [batch, columns]), [batch, 1, 1, columns]);
  const mean = tf.reshape(tf.mean(tf.reshape(images, [batch, images.size / batch]), 1), [batch, 1, 1, 1]);
  const contrasted = tf.add(tf.mul(tf.sub(images, mean), factor(0)), mean);
  const grey = tf.mean(contrasted, 3, true);
  const saturated = tf.add(tf.mul(tf.sub(contrasted, grey), factor(1)), grey);
  const offsets = tf.add(factor(2), factor(3, 3));
  return tf.clipByValue(tf.add<tf.Tensor4D>(saturated, offsets), -LIMIT, LIMIT);
}
