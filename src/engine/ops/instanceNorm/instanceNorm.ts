// Instance normalisation (Ulyanov et al. 2016): statistics over pixels, for every image and channel on its own, at
// training and inference alike.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { activated, type FusedActivation } from '../core/fusedActivation.ts';
import { fusedNorm } from '../groupNorm/fusedNorm.ts';
import { standardise } from '../groupNorm/standardise.ts';

export interface InstanceNormOptions {
  readonly gamma?: tf.Tensor1D;
  readonly beta?: tf.Tensor1D;
  readonly epsilon?: number;
  /** Added before the activation; of the shape of `x`. */
  readonly residual?: tf.Tensor4D;
  readonly activation?: FusedActivation;
}

/** Normalises `x` [batch, height, width, channels]; scale and shift [channels] are optional. */
export function instanceNorm(x: tf.Tensor4D, options: InstanceNormOptions = {}): tf.Tensor4D {
  const { gamma, beta, epsilon = 1e-5, residual, activation = 'none' } = options;
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'instanceNorm x');
  if (gamma !== undefined) assertShape(gamma, ['channels'], 'instanceNorm gamma', sizes);
  if (beta !== undefined) assertShape(beta, ['channels'], 'instanceNorm beta', sizes);
  if (residual !== undefined) assertShape(residual, x.shape, 'instanceNorm residual');
  if (canRunPrograms()) {
    const channels: [number] = [x.shape[3]];
    const isPlain = gamma === undefined && beta === undefined;
    const affine = isPlain ? undefined : ([gamma ?? tf.ones(channels), beta ?? tf.zeros(channels)] as const);
    return fusedNorm({ x, affine, residual, activation, over: 'image', groupChannels: 1, epsilon });
  }
  const standard = standardise(x, [1, 2], epsilon);
  const scaled = gamma === undefined ? standard : tf.mul<tf.Tensor4D>(standard, gamma);
  return activated(beta === undefined ? scaled : tf.add<tf.Tensor4D>(scaled, beta), activation, residual);
}
