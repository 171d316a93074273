// Stochastic gradient descent with momentum and weight decay, in PyTorch's form: the decay enters the velocity, the
// learning rate stays outside it.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { assignFlat, flatSize, flatten } from './flat.ts';
import { inPlaceUpdate } from './inPlaceUpdate.ts';

export interface SgdGroup {
  readonly parameters: readonly tf.Variable[];
  /** In the order and shapes of the parameters. */
  readonly gradients: readonly tf.Tensor[];
  /** [values of all parameters], zeros at the start. */
  readonly velocity: tf.Variable;
}
export interface SgdSettings {
  /** A scalar on the GPU where it changes from step to step. */
  readonly learningRate: tf.Scalar | number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly nesterov?: boolean;
}

const sgdInPlace = inPlaceUpdate({
  name: 'sgdUpdate',
  scalars: ['learningRate'],
  slots: ['velocity'],
  constants: { momentum: 'f32', weightDecay: 'f32', isNesterov: 'i32' },
  body: `let decayed = g + u.weightDecay * w;
  let next = u.momentum * velocity[at] + decayed;
  velocity[at] = next;
  w -= learningRate[0] * select(next, decayed + u.momentum * next, u.isNesterov == 1);`,
});

/** v = momentum * v + (g + weightDecay * w); w = w - learningRate * v (Nesterov: g + momentum * v). Updates in place. */
export function sgdUpdate(group: SgdGroup, settings: SgdSettings): void {
  const { parameters, gradients, velocity } = group;
  const { learningRate, momentum, weightDecay, nesterov = false } = settings;
  checkGroup(parameters, gradients, [velocity], 'sgdUpdate');
  if (parameters.length === 0) return;
  if (canRunPrograms()) {
    sgdInPlace({
      values: parameters,
      gradients,
      scalars: { learningRate },
      slots: { velocity },
      constants: { momentum, weightDecay, isNesterov: nesterov ? 1 : 0 },
    });
    return;
  }
  tf.tidy(() => {
    const weights = flatten(parameters);
    const gradient = flatten(gradients);
    const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weights, weightDecay));
    const next: tf.Tensor = tf.add(tf.mul(velocity, momentum), decayed);
    velocity.assign(next);
    const direction = nesterov ? tf.add(decayed, tf.mul(next, momentum)) : next;
    assignFlat(parameters, tf.sub(weights, tf.mul(direction, learningRate)));
  });
}

/** Throws `internal.invariant` unless gradients and slots fit the parameters. */
export function checkGroup(
  parameters: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  slots: readonly tf.Variable[],
  name: string,
): void {
  invariant(
    gradients.length === parameters.length,
    () => `${name}: ${gradients.length} gradients for ${parameters.length} parameters.`,
  );
  parameters.forEach((parameter, i) => {
    assertShape(gradients[i] ?? { shape: [] }, parameter.shape, `${name} gradient of ${parameter.name}`);
  });
  for (const slot of slots) assertShape(slot, [flatSize(parameters)], `${name} slot`);
}
