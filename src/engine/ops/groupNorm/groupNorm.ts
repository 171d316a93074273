// Group normalisation (Wu and He 2018): statistics over pixels and the channels of a group, for every image on its own.
import { invariant } from '../../../domain/errors.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { standardise } from './standardise.ts';

export interface GroupNormOptions {
  /** Must divide the channels; group g holds channels g*C/groups to (g+1)*C/groups - 1. */
  readonly groups: number;
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly epsilon?: number;
}

/** Normalises `x` [batch, height, width, channels] and applies scale `gamma` and shift `beta` [channels]. */
export function groupNorm(x: tf.Tensor4D, options: GroupNormOptions): tf.Tensor4D {
  const { groups, gamma, beta, epsilon = 1e-5 } = options;
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'groupNorm x');
  assertShape(gamma, ['channels'], 'groupNorm gamma', sizes);
  assertShape(beta, ['channels'], 'groupNorm beta', sizes);
  const [batch, height, width, channels] = x.shape;
  invariant(channels % groups === 0, () => `groupNorm: ${groups} groups do not divide ${channels} channels.`);
  // One group needs no axis of its own, and TensorFlow.js reduces over the last axis without transposing.
  const standard =
    groups === 1
      ? standardise(tf.reshape(x, [batch, height * width * channels]), [1], epsilon)
      : standardise(tf.reshape(x, [batch, height * width, groups, channels / groups]), [1, 3], epsilon);
  const y = tf.reshape(standard, x.shape);
  return tf.add(tf.mul(y, gamma), beta);
}
