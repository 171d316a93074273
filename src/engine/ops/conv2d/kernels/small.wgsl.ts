// WGSL of the small programs around the passes: two deterministic sums (over the slices that a first program left behind,
// and over all pixels of a map), and the filter with its channels swapped.
import { defineKernel } from '../../../gpu/kernel.ts';
import { perElement, vectorType } from '../../../gpu/wgsl.ts';

/** [slices, size] to [size], for the elements from `start` to `end`. */
export const sumSlicesKernel = defineKernel({
  name: 'sumSlices',
  uniforms: { start: 'i32', end: 'i32', size: 'i32', slices: 'i32' },
  inputs: { parts: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    perElement(
      'u.end - u.start',
      `let index = u.start + element;
  var sum = 0.0;
  for (var slice = 0; slice < u.slices; slice++) { sum += parts[slice * u.size + index]; }
  result[index] = sum;`,
      'element',
    ),
});

/** [pixels, channels] to [slices, channels], with channels counted in vectors of `width`. */
export const sumPixelsKernel = defineKernel({
  name: 'sumPixels',
  uniforms: { channels: 'i32', pixels: 'i32', slices: 'i32', pixelsPerSlice: 'i32' },
  inputs: ({ width }) => ({ map: vectorType(width) }),
  outputs: ({ width }) => ({ result: vectorType(width) }),
  wgsl: ({ width }: { readonly width: 1 | 4 }) =>
    perElement(
      'u.slices * u.channels',
      `let first = index / u.channels * u.pixelsPerSlice;
  let last = min(first + u.pixelsPerSlice, u.pixels);
  var sum = ${vectorType(width)}();
  for (var pixel = first; pixel < last; pixel++) { sum += map[pixel * u.channels + index % u.channels]; }
  result[index] = sum;`,
    ),
});

/** [taps, rows, columns] to [taps, columns, rows]. */
export const swapChannelsKernel = defineKernel({
  name: 'swapChannels',
  uniforms: { size: 'i32', rows: 'i32', columns: 'i32' },
  inputs: { weights: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let row = index % u.rows;
  let column = (index / u.rows) % u.columns;
  let tap = index / (u.rows * u.columns);
  result[index] = weights[(tap * u.rows + row) * u.columns + column];`,
    ),
});
