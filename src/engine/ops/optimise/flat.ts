// A group of parameters as one long vector: optimisers work on that in a dozen dispatches instead of a dozen for every
// tensor, and their slots are one variable per group.
import * as tf from '../../tf.ts';

/** Number of values in all tensors together. */
export function flatSize(tensors: readonly tf.Tensor[]): number {
  return tensors.reduce((sum, x) => sum + x.size, 0);
}

/** All values in one vector, in order. */
export function flatten(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.concat1d(tensors.map((x): tf.Tensor1D => tf.reshape(x, [x.size])));
}

/** The inverse of {@link flatten} for tensors of the shapes of `like`. */
export function splitLike(flat: tf.Tensor1D, like: readonly tf.Tensor[]): tf.Tensor[] {
  let offset = 0;
  return like.map(({ shape, size }) => {
    offset += size;
    return tf.reshape(tf.slice(flat, offset - size, size), shape);
  });
}

/** Moves `variables` to the values in `flat`. */
export function assignFlat(variables: readonly tf.Variable[], flat: tf.Tensor1D): void {
  splitLike(flat, variables).forEach((value, i) => {
    variables[i]?.assign(value);
  });
}
