// References of the softmax family: probabilities, cross-entropy, and distances between predictions.
import type { NdArray } from './ndArray.ts';
import { scalar } from './ndArray.ts';

/** Log-probabilities over the last axis. */
export function logSoftmaxReference(logits: NdArray, temperature = 1): NdArray {
  const classes = logits.shape.at(-1) ?? 1;
  const data = new Float64Array(logits.data.length);
  for (let start = 0; start < data.length; start += classes) {
    const row = logits.data.subarray(start, start + classes).map((value) => value / temperature);
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    row.forEach((value, c) => {
      data[start + c] = value - logSum;
    });
  }
  return { shape: logits.shape, data };
}

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

/** Sum over classes of q * (log q - log p) per pixel. */
export function klReference(logQ: NdArray, logP: NdArray): Float64Array {
  const classes = logQ.shape.at(-1) ?? 1;
  const result = new Float64Array(logQ.data.length / classes);
  logQ.data.forEach((q, k) => {
    const pixel = Math.floor(k / classes);
    result[pixel] = (result[pixel] ?? 0) + Math.exp(q) * (q - (logP.data[k] ?? 0));
  });
  return result;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] ?? 0;
  return sum / values.length;
}
