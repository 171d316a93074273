// Group normalisation (Wu and He 2018): statistics over pixels and the channels of a group, for every image on its own.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { activated, type FusedActivation } from '../core/fusedActivation.ts';
import { fusedNorm } from './fusedNorm.ts';
import { standardise } from './standardise.ts';

export interface GroupNormOptions {
  /** Must divide the channels; group g holds channels g*C/groups to (g+1)*C/groups - 1. */
  readonly groups: number;
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly epsilon?: number;
  /** Added before the activation; of the shape of `x`. */
  readonly residual?: tf.Tensor4D;
  readonly activation?: FusedActivation;
}

/**
 * Normalises `x` [batch, height, width, channels] and applies scale `gamma` and shift `beta` [channels]:
 * activation((x - mean) / sqrt(variance + epsilon) * gamma + beta + residual).
 */
export function groupNorm(x: tf.Tensor4D, options: GroupNormOptions): tf.Tensor4D {
  const { groups, gamma, beta, epsilon = 1e-5, residual, activation = 'none' } = options;
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'groupNorm x');
  assertShape(gamma, ['channels'], 'groupNorm gamma', sizes);
  assertShape(beta, ['channels'], 'groupNorm beta', sizes);
  if (residual !== undefined) assertShape(residual, x.shape, 'groupNorm residual');
  const [batch, height, width, channels] = x.shape;
  invariant(channels % groups === 0, () => `groupNorm: ${groups} groups do not divide ${channels} channels.`);
  if (canRunPrograms()) {
    const groupChannels = channels / groups;
    return fusedNorm({ x, affine: [gamma, beta], residual, activation, over: 'image', groupChannels, epsilon });
  }
  // One group needs no axis of its own, and TensorFlow.js reduces over the last axis without transposing.
  const standard =
    groups === 1
      ? standardise(tf.reshape(x, [batch, height * width * channels]), [1], epsilon)
      : standardise(tf.reshape(x, [batch, height * width, groups, channels / groups]), [1, 3], epsilon);
  const y = tf.reshape(standard, x.shape);
  return activated<tf.Tensor4D>(tf.add(tf.mul(y, gamma), beta), activation, residual);
}
