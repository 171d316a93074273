// References of pooling, resizing and normalisation.
import type { MapSize, Sides } from '../geometry.ts';
import { at, build, type NdArray, shape4, zeros } from './ndArray.ts';

export interface PoolGeometry {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Sides;
  readonly ceilMode: boolean;
}

export function maxPoolReference(x: NdArray, geometry: PoolGeometry): NdArray {
  return build(pooledShape(x, geometry), (n, i, j, c) => at(x, n, ...winnerOf(x, geometry, n, i, j, c), c));
}

/** `upstream` at the first largest value of every window. */
export function maxPoolGradientReference(x: NdArray, upstream: NdArray, geometry: PoolGeometry): NdArray {
  const [, height, width, channels] = shape4(x);
  const gradient = zeros(x.shape);
  build(pooledShape(x, geometry), (n, i, j, c) => {
    const [row, column] = winnerOf(x, geometry, n, i, j, c);
    const k = ((n * height + row) * width + column) * channels + c;
    gradient.data[k] = (gradient.data[k] ?? 0) + at(upstream, n, i, j, c);
    return 0;
  });
  return gradient;
}

function pooledShape(
  x: NdArray,
  { kernel, stride, padding, ceilMode }: PoolGeometry,
): [number, number, number, number] {
  const [batch, height, width, channels] = shape4(x);
  const windows = (size: number, k: number, s: number, before: number, after: number): number => {
    const room = (size + before + after - k) / s;
    const count = (ceilMode ? Math.ceil(room) : Math.floor(room)) + 1;
    return ceilMode && (count - 1) * s >= size + before ? count - 1 : count;
  };
  const rows = windows(height, kernel[0], stride[0], padding.top, padding.bottom);
  return [batch, rows, windows(width, kernel[1], stride[1], padding.left, padding.right), channels];
}

/** Row and column of the first largest value in the window of output [i, j]. */
function winnerOf(
  x: NdArray,
  { kernel, stride, padding }: PoolGeometry,
  n: number,
  i: number,
  j: number,
  c: number,
): [number, number] {
  const [, height, width] = shape4(x);
  let winner: [number, number] = [-1, -1];
  let largest = Number.NEGATIVE_INFINITY;
  for (let ki = 0; ki < kernel[0]; ki++)
    for (let kj = 0; kj < kernel[1]; kj++) {
      const row = i * stride[0] + ki - padding.top;
      const column = j * stride[1] + kj - padding.left;
      if (row < 0 || row >= height || column < 0 || column >= width || at(x, n, row, column, c) <= largest) continue;
      largest = at(x, n, row, column, c);
      winner = [row, column];
    }
  return winner;
}

/** Mean over rows [r0, r1) and columns [c0, c1) that belong to output [i, j]. */
export function averageReference(
  x: NdArray,
  size: MapSize,
  windowOf: (i: number, j: number) => readonly [r0: number, r1: number, c0: number, c1: number],
): NdArray {
  const [batch, , , channels] = shape4(x);
  return build([batch, size[0], size[1], channels], (n, i, j, c) => {
    const [r0, r1, c0, c1] = windowOf(i, j);
    let sum = 0;
    for (let row = r0; row < r1; row++) for (let column = c0; column < c1; column++) sum += at(x, n, row, column, c);
    return sum / ((r1 - r0) * (c1 - c0));
  });
}

export function resizeBilinearReference(x: NdArray, size: MapSize, alignCorners: boolean): NdArray {
  const [batch, height, width, channels] = shape4(x);
  const position = (i: number, inSize: number, outSize: number): number => {
    if (alignCorners) return outSize === 1 ? 0 : (i * (inSize - 1)) / (outSize - 1);
    return Math.min(inSize - 1, Math.max(0, ((i + 0.5) * inSize) / outSize - 0.5));
  };
  return build([batch, size[0], size[1], channels], (n, i, j, c) => {
    const row = position(i, height, size[0]);
    const column = position(j, width, size[1]);
    const top = Math.floor(row);
    const left = Math.floor(column);
    // Weights of the lower and right neighbour are 0 where they lie outside, so their value does not matter.
    const along = (r: number): number =>
      at(x, n, r, left, c) * (1 - column + left) + at(x, n, r, left + 1, c) * (column - left);
    return along(top) * (1 - row + top) + along(top + 1) * (row - top);
  });
}

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
