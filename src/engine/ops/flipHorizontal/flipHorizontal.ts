// Mirrors images or labels left to right; which ones is data, so that the shapes never change.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

/** Mirrors `x` [batch, height, width] or [batch, height, width, channels]; with `flip` [batch] only where it is 1 (else 0). */
export function flipHorizontal<T extends tf.Tensor3D | tf.Tensor4D>(x: T, flip?: tf.Tensor1D): T {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'].slice(0, x.rank), 'flipHorizontal x');
  const mirrored = tf.reverse(x, 2);
  if (flip === undefined) return mirrored;
  assertShape(flip, ['batch'], 'flipHorizontal flip', sizes);
  const shape = [x.shape[0], ...new Array<number>(x.rank - 1).fill(1)];
  const chosen = tf.cast(tf.reshape(flip, shape), x.dtype);
  const others = tf.sub(tf.onesLike(chosen), chosen);
  return tf.add(tf.mul(mirrored, chosen), tf.mul(x, others));
}
