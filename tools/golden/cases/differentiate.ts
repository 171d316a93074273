// Value and gradients of one operation, named as in the golden vectors.
import * as tf from '../../../src/engine/tf.ts';
import type { GoldenCase, GoldenResults } from './goldenCase.ts';

/**
 * Runs `compute` on the stored tensors `inputs` and returns its value as `output` and its gradients as `d_<input>`, for
 * the stored upstream gradient `dy`, or 1 where the value is a scalar.
 */
export function differentiate(
  golden: GoldenCase,
  inputs: readonly string[],
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  { output = 'y', suffix = '' }: { readonly output?: string; readonly suffix?: string } = {},
): GoldenResults {
  const tensors = inputs.map((name) => golden.tensor(name));
  let value: tf.Tensor | undefined;
  const objective = (...xs: tf.Tensor[]): tf.Scalar => {
    const y = compute(...xs);
    value = tf.keep(tf.clone(y));
    return tf.sum(y.rank === 0 ? y : tf.mul(y, golden.tensor('dy')));
  };
  const gradients = tf.grads(objective)(tensors);
  const results: Record<string, tf.Tensor> = {};
  if (value !== undefined) results[output] = value;
  gradients.forEach((gradient, i) => {
    results[`d_${inputs[i]}${suffix}`] = gradient;
  });
  return results;
}
