// Cross-entropy in float64, pixel by pixel.
import { type NdArray, scalar } from '../../../testing/ndArray.ts';
import { logSoftmaxReference } from '../core/softmax.reference.ts';

export interface CrossEntropyReferenceOptions {
  readonly temperature?: number;
  readonly classWeights?: readonly number[];
  readonly keep?: readonly number[];
  readonly divideBy?: 'valid' | 'kept' | 'weights' | 'pixels';
}

/** Cross-entropy over pixels; labels that are no class do not count; 0 where nothing counts. */
export function crossEntropyReference(
  logits: NdArray,
  labels: readonly number[],
  { temperature = 1, classWeights, keep, divideBy = 'valid' }: CrossEntropyReferenceOptions = {},
): NdArray {
  const classes = logits.shape.at(-1) ?? 1;
  const logProbabilities = logSoftmaxReference(logits, temperature);
  let total = 0;
  const divisors = { valid: 0, kept: 0, weights: 0, pixels: labels.length };
  labels.forEach((label, pixel) => {
    if (label >= classes) return;
    const kept = keep?.[pixel] ?? 1;
    const weight = kept * (classWeights?.[label] ?? 1);
    divisors.valid += 1;
    divisors.kept += kept;
    divisors.weights += weight;
    total -= weight * (logProbabilities.data[pixel * classes + label] ?? 0);
  });
  const divisor = divisors[divideBy];
  return scalar(divisor === 0 ? 0 : total / divisor);
}
