// What an output-space discriminator looks at: class probabilities at a temperature, pooled to the resolution it works at.
import * as tf from '../../tf.ts';
import { softmax } from '../activations.ts';
import { assertShape } from '../assertShape.ts';
import { avgPool } from '../avgPool/avgPool.ts';

/**
 * softmax(`logits` / `temperature`) [batch, height, width, classes], averaged over squares of `pool` pixels a side; rows and
 * columns that fill no square are left out.
 */
export function probabilityMap(
  logits: tf.Tensor4D,
  { temperature, pool }: { readonly temperature: tf.Scalar; readonly pool: number },
): tf.Tensor4D {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'probabilityMap logits');
  const probabilities = softmax(tf.div<tf.Tensor4D>(logits, temperature));
  return pool === 1 ? probabilities : avgPool(probabilities, { kernel: pool });
}
