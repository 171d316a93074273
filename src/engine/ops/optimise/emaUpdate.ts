// Exponential moving average of weights: the mean teacher (Tarvainen and Valpola 2017).
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { assignFlat, flatten } from './flat.ts';
import { inPlaceUpdate } from './inPlaceUpdate.ts';

export interface EmaGroup {
  readonly averages: readonly tf.Variable[];
  /** In the order and shapes of the averages. */
  readonly values: readonly tf.Tensor[];
}

// What the optimisers call the gradient is here the value that the average follows.
const emaInPlace = inPlaceUpdate({
  name: 'emaUpdate',
  scalars: ['decay'],
  slots: [],
  constants: {},
  body: 'w = decay[0] * w + (1.0 - decay[0]) * g;',
});

/** average = decay * average + (1 - decay) * value, in place. */
export function emaUpdate({ averages, values }: EmaGroup, decay: tf.Scalar | number): void {
  invariant(
    averages.length === values.length,
    () => `emaUpdate: ${values.length} values for ${averages.length} averages.`,
  );
  averages.forEach((average, i) => {
    assertShape(values[i] ?? { shape: [] }, average.shape, `emaUpdate value of ${average.name}`);
  });
  if (averages.length === 0) return;
  if (canRunPrograms()) {
    emaInPlace({ values: averages, gradients: values, scalars: { decay }, slots: {}, constants: {} });
    return;
  }
  tf.tidy(() => {
    const kept = tf.mul(flatten(averages), decay);
    assignFlat(averages, tf.add(kept, tf.mul(flatten(values), tf.sub(1, decay))));
  });
}

/** The decay of Mean Teacher's ramp-up: min(1 - 1/(step + 1), cap), step from 0; the first update copies. */
export function emaRamp(step: number, cap: number): number {
  return Math.min(1 - 1 / (step + 1), cap);
}
