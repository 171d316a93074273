// Reflected borders, index by index.
import { at, build, type NdArray, shape4 } from '../../../testing/ndArray.ts';
import type { Sides } from '../core/geometry.ts';

export function reflectPadReference(x: NdArray, { top, bottom, left, right }: Sides): NdArray {
  const [batch, height, width, channels] = shape4(x);
  const mirror = (index: number, size: number): number =>
    index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index;
  return build([batch, height + top + bottom, width + left + right, channels], (n, i, j, c) =>
    at(x, n, mirror(i - top, height), mirror(j - left, width), c),
  );
}
