// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), in PyTorch's form: epsilon is added after the root
// of the bias-corrected second moment, the decay is decoupled from the gradient.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assignFlat, flatten } from './flat.ts';
import { inPlaceUpdate } from './inPlaceUpdate.ts';
import { checkGroup } from './sgdUpdate.ts';

export interface AdamGroup {
  readonly parameters: readonly tf.Variable[];
  /** In the order and shapes of the parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** [values of all parameters], zeros at the start. */
  readonly firstMoment: tf.Variable;
  /** [values of all parameters], zeros at the start. */
  readonly secondMoment: tf.Variable;
}
/** What changes from step to step may be a scalar on the GPU. */
export interface AdamSettings {
  readonly learningRate: tf.Scalar | number;
  /** 1 - beta1^step; see {@link adamCorrections}. */
  readonly correction1: tf.Scalar | number;
  /** 1 - beta2^step. */
  readonly correction2: tf.Scalar | number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon?: number;
  /** Decoupled: w is first multiplied by 1 - learningRate * weightDecay. */
  readonly weightDecay?: number;
}

const adamInPlace = inPlaceUpdate({
  name: 'adamUpdate',
  scalars: ['learningRate', 'correction1', 'correction2'],
  slots: ['firstMoment', 'secondMoment'],
  constants: { beta1: 'f32', share1: 'f32', beta2: 'f32', share2: 'f32', epsilon: 'f32', weightDecay: 'f32' },
  body: `let first = u.beta1 * firstMoment[at] + u.share1 * g;
  let second = u.beta2 * secondMoment[at] + u.share2 * g * g;
  firstMoment[at] = first;
  secondMoment[at] = second;
  let direction = first / correction1[0] / (sqrt(second / correction2[0]) + u.epsilon);
  w -= learningRate[0] * (direction + u.weightDecay * w);`,
});

/** m = b1*m + (1-b1)*g; v = b2*v + (1-b2)*g*g; w = w - learningRate * (m/correction1) / (sqrt(v/correction2) + epsilon). Updates in place. */
export function adamUpdate(group: AdamGroup, settings: AdamSettings): void {
  const { parameters, gradients, firstMoment, secondMoment } = group;
  const { learningRate, correction1, correction2, beta1, beta2, epsilon = 1e-8, weightDecay = 0 } = settings;
  checkGroup(parameters, gradients, [firstMoment, secondMoment], 'adamUpdate');
  if (parameters.length === 0) return;
  if (canRunPrograms()) {
    adamInPlace({
      values: parameters,
      gradients,
      scalars: { learningRate, correction1, correction2 },
      slots: { firstMoment, secondMoment },
      constants: { beta1, share1: 1 - beta1, beta2, share2: 1 - beta2, epsilon, weightDecay },
    });
    return;
  }
  tf.tidy(() => {
    const weights = flatten(parameters);
    const gradient = flatten(gradients);
    const first: tf.Tensor = tf.add(tf.mul(firstMoment, beta1), tf.mul(gradient, 1 - beta1));
    const second: tf.Tensor = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    firstMoment.assign(first);
    secondMoment.assign(second);
    const spread = tf.add(tf.sqrt(tf.div(second, correction2)), epsilon);
    const direction = tf.div(tf.div(first, correction1), spread);
    const decayed = weightDecay === 0 ? direction : tf.add(direction, tf.mul(weights, weightDecay));
    assignFlat(parameters, tf.sub(weights, tf.mul(decayed, learningRate)));
  });
}

/** Adam's bias corrections of the step that is about to be made; the first is step 1. */
export function adamCorrections(
  step: number,
  beta1: number,
  beta2: number,
): { readonly correction1: number; readonly correction2: number } {
  return { correction1: 1 - beta1 ** step, correction2: 1 - beta2 ** step };
}
