// What lies in the memory of a tensor, before a program reads or writes it: TensorFlow.js relabels and shares buffers.
import * as tf from '../tf.ts';
import { holdsFloats } from './program.ts';

/** `x` with a buffer that holds what its type says: floats, if it is float32. */
export function inMemory<T extends tf.Tensor>(x: T): T {
  return x.dtype === 'float32' && !holdsFloats(x) ? tf.mul<T>(x, 1) : x;
}

/**
 * Gives the variable a buffer of its own where a tensor made by clone, reshape or assign still shows the same one. Before a
 * program writes it in place.
 */
export function ownBuffer(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) > 1 || !holdsFloats(variable)) variable.assign(tf.mul(variable, 1));
}
