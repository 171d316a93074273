// Distances between predictions in float64.
import type { NdArray } from '../../../testing/ndArray.ts';

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
