// What an output-space discriminator looks at: class probabilities at a temperature, pooled to the resolution it works at.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { softmax } from '../activations/activations.ts';
import { avgPool } from '../avgPool/avgPool.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';
import { probabilityProgram } from './probabilityKernels.ts';

export interface ProbabilityMapOptions {
  /** A tensor, so that it may change from step to step; no gradient flows to it. */
  readonly temperature: tf.Scalar;
  /** Pixels a side that become one. */
  readonly pool: number;
}

/**
 * softmax(`logits` / temperature) [batch, height, width, classes], averaged over squares of `pool` pixels a side:
 * [batch, height / pool, width / pool, classes]. Rows and columns that fill no square are left out.
 */
export function probabilityMap(logits: tf.Tensor4D, options: ProbabilityMapOptions): tf.Tensor4D {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'probabilityMap logits');
  assertShape(options.temperature, [], 'probabilityMap temperature');
  if (!canRunPrograms()) return composedProbabilityMap(logits, options);
  const { temperature, pool } = options;
  return withGradient(
    [logits],
    () => ({ value: probabilityProgram(logits, options, null), kept: { logits, temperature } }),
    (dy, { logits, temperature }) => probabilityProgram(logits, { temperature, pool }, dy),
  );
}

function composedProbabilityMap(logits: tf.Tensor4D, { temperature, pool }: ProbabilityMapOptions): tf.Tensor4D {
  const probabilities = softmax(tf.div<tf.Tensor4D>(logits, temperature));
  return pool === 1 ? probabilities : avgPool(probabilities, { kernel: pool });
}
