// Softmax in float64, in logarithms.
import type { NdArray } from '../../../testing/ndArray.ts';

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
