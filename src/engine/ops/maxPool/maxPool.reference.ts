// The maximum of every window and its gradient, window by window.
import { at, build, type NdArray, shape4, zeros } from '../../../testing/ndArray.ts';
import type { Sides } from '../core/geometry.ts';

interface PoolGeometry {
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
