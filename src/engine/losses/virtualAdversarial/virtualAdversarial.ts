// Virtual adversarial training (Miyato et al. 2018): the prediction must not change where an image is moved in the direction
// that would change it most. The direction to start from is drawn on the host.
import { assertShape } from '../../ops/core/assertShape.ts';
import { withoutGradient } from '../../ops/core/withoutGradient.ts';
import * as tf from '../../tf.ts';
import { softLabelKl } from '../distillation/distillation.ts';

/** Images [batch, height, width, channels] to class scores. With batch normalisation, a pass that follows no statistics. */
export type Forward = (images: tf.Tensor4D) => tf.Tensor4D;

export interface VirtualAdversarialOptions {
  /** Length of the step that probes the curvature; float32 resolves nothing below about 1e-2. */
  readonly xi?: number;
  /** Length of the perturbation of one image, over all its values. */
  readonly epsilon: number;
  /** Power iterations; each costs a pass and a gradient to the image. */
  readonly iterations?: number;
}

const LENGTH_EPSILON = 1e-8;

/** `x` [batch, ...] over its length, for every image on its own. */
export function unitPerImage(x: tf.Tensor4D): tf.Tensor4D {
  const length = tf.sqrt(tf.sum(tf.square(x), [1, 2, 3], true));
  return tf.div(x, tf.add(length, LENGTH_EPSILON));
}

export interface Curvature {
  /** Mean over pixels of KL(target || prediction) at images + xi * direction. */
  readonly divergence: tf.Scalar;
  /** Its gradient to the direction, [batch, height, width, channels]: where it leads is one power iteration on. */
  readonly gradient: tf.Tensor4D;
}

/** How the prediction leaves `target` (scores, constant) along `direction`. */
export function curvatureAlong(
  forward: Forward,
  { images, target, direction }: Readonly<Record<'images' | 'target' | 'direction', tf.Tensor4D>>,
  xi: number,
): Curvature {
  const along = (d: tf.Tensor): tf.Scalar => softLabelKl(forward(tf.add<tf.Tensor4D>(images, tf.mul(d, xi))), target);
  const { value, grad } = tf.valueAndGrad(along)(direction);
  return { divergence: value as tf.Scalar, gradient: grad as tf.Tensor4D };
}

/**
 * Mean over pixels of KL(p(images) || p(images + r)), r the adversarial perturbation that power iteration finds from
 * `direction` (normal noise of the images' shape). No gradient to p(images), nor to r.
 */
export function virtualAdversarialLoss(
  forward: Forward,
  images: tf.Tensor4D,
  direction: tf.Tensor4D,
  { xi = 0.1, epsilon, iterations = 1 }: VirtualAdversarialOptions,
): tf.Scalar {
  assertShape(direction, images.shape, 'virtualAdversarialLoss direction');
  const target = withoutGradient(() => forward(images));
  let unit = unitPerImage(direction);
  for (let i = 0; i < iterations; i++) {
    const { gradient } = curvatureAlong(forward, { images, target, direction: unit }, xi);
    unit = withoutGradient(() => unitPerImage(gradient));
  }
  return softLabelKl(forward(tf.add<tf.Tensor4D>(images, tf.mul(unit, epsilon))), target);
}
