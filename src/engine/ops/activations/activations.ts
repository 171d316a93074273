// The activations that networks and methods use, as functions of their own so that each can get a kernel. The last axis
// holds the classes.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { rectified } from './rectified.ts';

export function relu<T extends tf.Tensor>(x: T): T {
  return canRunPrograms() ? rectified(x, 0) : tf.relu(x);
}

/** x where positive, else slope * x. */
export function leakyRelu<T extends tf.Tensor>(x: T, slope: number): T {
  return canRunPrograms() ? rectified(x, slope) : tf.leakyRelu(x, slope);
}

export function tanh<T extends tf.Tensor>(x: T): T {
  return tf.tanh(x);
}

export function sigmoid<T extends tf.Tensor>(x: T): T {
  return tf.sigmoid(x);
}

export function softmax<T extends tf.Tensor>(x: T): T {
  return tf.softmax(x);
}

export function logSoftmax<T extends tf.Tensor>(x: T): T {
  return tf.logSoftmax(x);
}
