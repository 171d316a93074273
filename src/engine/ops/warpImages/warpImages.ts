// Geometric views of images: mirrored, moved, turned, by affine maps that are data. Beyond the border the border goes on.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { pixelsAt, tapsOf } from './bilinearTaps.ts';
import { warp } from './warpKernels.ts';

/**
 * View r [views, height, width, channels] shows at every pixel what image r mod batch of `images`
 * [batch, height, width, channels] has at the place that row r of `toImage` [views, 6] maps it to (ops/core/affine.ts);
 * bilinear, clamped to the image. `views` is a multiple of the batch. No gradient.
 */
export function warpImages(images: tf.Tensor4D, toImage: tf.Tensor2D): tf.Tensor4D {
  assertShape(images, ['batch', 'height', 'width', 'channels'], 'warpImages images');
  assertShape(toImage, ['views', 6], 'warpImages toImage');
  const [batch, height, width, channels] = images.shape;
  const [views] = toImage.shape;
  invariant(views % batch === 0, () => `warpImages: ${views} views of ${batch} images.`);
  if (canRunPrograms()) return warp(images, toImage);
  return tf.tidy(() => {
    const repeated = tf.tile(images, [views / batch, 1, 1, 1]);
    const pixels: tf.Tensor2D = tf.reshape(repeated, [views * height * width, channels]);
    const parts = tapsOf(toImage, height, width).corners.map(({ x, y, weight }) =>
      tf.mul(pixelsAt(pixels, x, y, height, width), tf.reshape(weight, [weight.size, 1])),
    );
    return tf.reshape(tf.addN(parts), [views, height, width, channels]);
  });
}
