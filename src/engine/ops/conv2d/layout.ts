// Moves pixels without arithmetic: padding that may be negative, and zeros between pixels. No tape.
import * as tf from '../../tf.ts';
import type { Sides } from '../core/geometry.ts';

/** Adds zeros on every side; a negative number cuts pixels off. */
export function padSides(x: tf.Tensor4D, { top, bottom, left, right }: Sides): tf.Tensor4D {
  let y = x;
  if (Math.min(top, bottom, left, right) < 0) {
    const [batch, height, width, channels] = y.shape;
    const cut = (pixels: number): number => Math.max(0, -pixels);
    y = tf.slice(
      y,
      [0, cut(top), cut(left), 0],
      [batch, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels],
    );
  }
  const add = (pixels: number): number => Math.max(0, pixels);
  if (Math.max(top, bottom, left, right) > 0) {
    y = tf.pad(y, [
      [0, 0],
      [add(top), add(bottom)],
      [add(left), add(right)],
      [0, 0],
    ]);
  }
  return y;
}

/** Puts stride - 1 rows and columns of zeros between the pixels: (height - 1) * stride + 1 rows come out. */
export function insertZeros(x: tf.Tensor4D, stride: readonly [number, number]): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [sv, sh] = stride;
  if (sv === 1 && sh === 1) return x;
  const rows = tf.reshape(
    tf.pad(tf.reshape(x, [batch * height, 1, width * channels]), [
      [0, 0],
      [0, sv - 1],
      [0, 0],
    ]),
    [batch * height * sv * width, 1, channels],
  );
  const all: tf.Tensor4D = tf.reshape(
    tf.pad(rows, [
      [0, 0],
      [0, sh - 1],
      [0, 0],
    ]),
    [batch, height * sv, width * sh, channels],
  );
  return tf.slice(all, [0, 0, 0, 0], [batch, (height - 1) * sv + 1, (width - 1) * sh + 1, channels]);
}
