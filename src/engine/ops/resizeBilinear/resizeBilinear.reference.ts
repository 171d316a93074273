// Bilinear resize in float64: four neighbours of every place.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import type { MapSize } from '../core/geometry.ts';

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
