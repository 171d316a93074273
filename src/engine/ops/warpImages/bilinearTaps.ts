// Where an affine map looks: the four pixels around a place and their bilinear weights, as WGSL and as tensors.
import * as tf from '../../tf.ts';

/**
 * WGSL: with `maps` (rows of six), `row` (which map), `i` and `j` (a pixel) in scope, declares the corner `left`, `top` (i32)
 * and the shares `right`, `below` of the pixels to the right and below.
 */
export const LOCATE = `
  let sixth = 6 * row;
  let cx = f32(j) + 0.5;
  let cy = f32(i) + 0.5;
  let x = maps[sixth] * cx + maps[sixth + 1] * cy + maps[sixth + 2] - 0.5;
  let y = maps[sixth + 3] * cx + maps[sixth + 4] * cy + maps[sixth + 5] - 0.5;
  let left = i32(floor(x));
  let top = i32(floor(y));
  let right = x - floor(x);
  let below = y - floor(y);`;

export interface Taps {
  /** Column and row of every place's four neighbours, float32 [batch, height * width] each; they may lie outside. */
  readonly corners: readonly { readonly x: tf.Tensor; readonly y: tf.Tensor; readonly weight: tf.Tensor }[];
}

/** The same with tensors: for every pixel of a map of this size, through each of `maps` [batch, 6]. */
export function tapsOf(maps: tf.Tensor2D, height: number, width: number): Taps {
  const [batch] = maps.shape;
  const coefficient = (column: number): tf.Tensor => tf.slice(maps, [0, column], [batch, 1]);
  const columns = tf.add(tf.range(0, width), 0.5);
  const cx = tf.reshape(tf.tile(columns, [height]), [1, height * width]);
  const cy = tf.reshape(tf.tile(tf.reshape(tf.add(tf.range(0, height), 0.5), [height, 1]), [1, width]), cx.shape);
  const place = (a: number): tf.Tensor =>
    tf.sub(tf.add(tf.add(tf.mul(coefficient(a), cx), tf.mul(coefficient(a + 1), cy)), coefficient(a + 2)), 0.5);
  const x = place(0);
  const y = place(3);
  const left = tf.floor(x);
  const top = tf.floor(y);
  const right = tf.sub(x, left);
  const below = tf.sub(y, top);
  const corners = [0, 1, 2, 3].map((tap) => ({
    x: tap % 2 === 0 ? left : tf.add(left, 1),
    y: tap < 2 ? top : tf.add(top, 1),
    weight: tf.mul(tap % 2 === 0 ? tf.sub(1, right) : right, tap < 2 ? tf.sub(1, below) : below),
  }));
  return { corners };
}

/** Rows of `pixels` [batch * height * width, channels] at (x, y) of each image, moved inside where they lie outside: [batch * places, channels]. */
export function pixelsAt(pixels: tf.Tensor2D, x: tf.Tensor, y: tf.Tensor, height: number, width: number): tf.Tensor2D {
  const [batch = 0] = x.shape;
  const first = tf.reshape(tf.mul(tf.range(0, batch), height * width), [batch, 1]);
  const inside = tf.add(tf.mul(tf.clipByValue(y, 0, height - 1), width), tf.clipByValue(x, 0, width - 1));
  return tf.gather(pixels, tf.cast(tf.reshape(tf.add(first, inside), [x.size]), 'int32'));
}
