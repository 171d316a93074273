// The mean of every window in float64.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import type { MapSize } from '../core/geometry.ts';

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
