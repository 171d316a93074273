// Normalisation over any groups in float64, and scale and shift: what group, instance and batch normalisation share.
import { type NdArray, shape4 } from '../../../testing/ndArray.ts';

/** (x - mean) / sqrt(variance + epsilon) over all elements with the same group; biased variance. */
export function standardiseReference(x: NdArray, epsilon: number, groupOf: (n: number, c: number) => number): NdArray {
  const [, height, width, channels] = shape4(x);
  const group = (k: number): number => groupOf(Math.floor(k / (height * width * channels)), k % channels);
  const mean = (values: Float64Array): Map<number, number> => {
    const sums = new Map<number, [number, number]>();
    values.forEach((value, k) => {
      const [sum, count] = sums.get(group(k)) ?? [0, 0];
      sums.set(group(k), [sum + value, count + 1]);
    });
    return new Map([...sums].map(([key, [sum, count]]) => [key, sum / count]));
  };
  const means = mean(x.data);
  const centred = x.data.map((value, k) => value - (means.get(group(k)) ?? 0));
  const variances = mean(centred.map((value) => value * value));
  return {
    shape: x.shape,
    data: centred.map((value, k) => value / Math.sqrt((variances.get(group(k)) ?? 0) + epsilon)),
  };
}

/** y * gamma + beta per channel. */
export function affineReference(y: NdArray, gamma: NdArray, beta: NdArray): NdArray {
  const channels = gamma.data.length;
  return {
    shape: y.shape,
    data: y.data.map((value, k) => value * (gamma.data[k % channels] ?? 0) + (beta.data[k % channels] ?? 0)),
  };
}
