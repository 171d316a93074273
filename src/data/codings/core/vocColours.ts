// Pascal VOC's colour map: a colour for any number, no two of them alike.
import type { Rgb } from './coding.ts';

/** Three bits of the value to the upper bits of each channel, the next three to those below, and so on. */
export function vocColour(value: number): Rgb {
  let [red, green, blue] = [0, 0, 0];
  for (let bit = 7, rest = value; rest > 0; bit--, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return [red, green, blue];
}
