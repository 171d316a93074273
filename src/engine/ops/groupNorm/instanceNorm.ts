// Instance normalisation (Ulyanov et al. 2016): statistics over pixels, for every image and channel on its own, at
// training and inference alike.
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { standardise } from './standardise.ts';

export interface InstanceNormOptions {
  readonly gamma?: tf.Tensor1D;
  readonly beta?: tf.Tensor1D;
  readonly epsilon?: number;
}

/** Normalises `x` [batch, height, width, channels]; scale and shift [channels] are optional. */
export function instanceNorm(x: tf.Tensor4D, { gamma, beta, epsilon = 1e-5 }: InstanceNormOptions = {}): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'instanceNorm x');
  let y = standardise(x, [1, 2], epsilon);
  if (gamma !== undefined) {
    assertShape(gamma, ['channels'], 'instanceNorm gamma', sizes);
    y = tf.mul(y, gamma);
  }
  if (beta !== undefined) {
    assertShape(beta, ['channels'], 'instanceNorm beta', sizes);
    y = tf.add(y, beta);
  }
  return y;
}
