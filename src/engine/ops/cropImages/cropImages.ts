// Cuts a window out of each image, where a step's plan says. Positions are data on the GPU, drawn on the host beforehand: the
// shapes never depend on them.
import { invariant } from '../../../domain/errors.ts';
import { defineKernel } from '../../gpu/kernel.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import { perElement } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import type { MapSize } from '../core/geometry.ts';

/** Columns of the windows: first row and first column. */
export const WINDOW_COLUMNS = 2;

/**
 * The windows of size [height, width] of `images` [batch, height, width, channels] at `windows` [batch, 2], which the caller
 * keeps inside the images. Data: no gradient.
 */
export function cropImages(images: tf.Tensor4D, windows: tf.Tensor2D, [height, width]: MapSize): tf.Tensor4D {
  const sizes = assertShape(images, ['batch', 'height', 'width', 'channels'], 'cropImages images');
  assertShape(windows, ['batch', WINDOW_COLUMNS], 'cropImages windows', sizes);
  const [batch, fullHeight, fullWidth, channels] = images.shape;
  invariant(
    height >= 1 && width >= 1 && height <= fullHeight && width <= fullWidth,
    () => `cropImages: no ${height}x${width} window fits a ${fullHeight}x${fullWidth} image.`,
  );
  if (canRunPrograms()) return cropKernel(images, windows, [height, width]);
  return tf.tidy(() => {
    const column = (k: number): tf.Tensor => tf.reshape(tf.slice(windows, [0, k], [batch, 1]), [batch, 1, 1]);
    const image = tf.reshape(tf.mul(tf.range(0, batch), fullHeight), [batch, 1, 1]);
    const rows = tf.add(tf.add(image, column(0)), tf.reshape(tf.range(0, height), [1, height, 1]));
    const columns = tf.add(column(1), tf.reshape(tf.range(0, width), [1, 1, width]));
    const places = tf.cast(tf.add(tf.mul(rows, fullWidth), columns), 'int32');
    const pixels = tf.reshape(images, [batch * fullHeight * fullWidth, channels]);
    return tf.reshape(tf.gather(pixels, tf.reshape(places, [-1])), [batch, height, width, channels]);
  });
}

const kernel = defineKernel({
  name: 'cropImages',
  uniforms: { size: 'i32', height: 'i32', width: 'i32', fullHeight: 'i32', fullWidth: 'i32', channels: 'i32' },
  inputs: { images: 'f32', windows: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let channel = index % u.channels;
  let pixel = index / u.channels;
  let column = pixel % u.width;
  let row = (pixel / u.width) % u.height;
  let image = pixel / (u.width * u.height);
  let window = ${WINDOW_COLUMNS} * image;
  let y = i32(windows[window]) + row;
  let x = i32(windows[window + 1]) + column;
  result[index] = images[((image * u.fullHeight + y) * u.fullWidth + x) * u.channels + channel];`,
    ),
});

function cropKernel(images: tf.Tensor4D, windows: tf.Tensor2D, [height, width]: MapSize): tf.Tensor4D {
  const [batch, fullHeight, fullWidth, channels] = images.shape;
  const size = batch * height * width * channels;
  const { result } = kernel.run({
    inputs: { images, windows },
    outputs: { result: [batch, height, width, channels] },
    threads: size,
    uniforms: { size, height, width, fullHeight, fullWidth, channels },
  });
  return result;
}
