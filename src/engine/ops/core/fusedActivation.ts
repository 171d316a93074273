// Activations that other operations compute in their last write, and undo in the first read of their gradient.
import * as tf from '../../tf.ts';
import { leakyRelu, relu } from '../activations/activations.ts';

/** `leaky`: slope * x below 0. */
export type FusedActivation = 'none' | 'relu' | { readonly leaky: number };

/** The factor below 0: 1 for none, 0 for ReLU. Above 0 all have 1; at 0 the gradient takes the factor, as TensorFlow.js's does. */
export function slopeOf(activation: FusedActivation): number {
  if (activation === 'none') return 1;
  return activation === 'relu' ? 0 : activation.leaky;
}

/** activation(`x` + `residual`) in operations of its own. */
export function activated<T extends tf.Tensor>(x: T, activation: FusedActivation, residual?: T): T {
  const sum = residual === undefined ? x : tf.add<T>(x, residual);
  if (activation === 'none') return sum;
  return activation === 'relu' ? relu(sum) : leakyRelu(sum, activation.leaky);
}
