// WGSL of the small programs around the passes: two deterministic sums (over the slices that a first program left behind,
// and over all pixels of a map), and the filter with its channels swapped.
import { declareUniforms, type ProgramFamily, type ProgramSpec } from '../../../gpu/program.ts';
import { perElement, vectorType } from '../../../gpu/wgsl.ts';
import { storage } from './tile.ts';

const SLICE_UNIFORMS = { start: 'i32', end: 'i32', size: 'i32', slices: 'i32' } as const;

/** [slices, size] to [size], for the elements from `start` to `end`. */
export const sumSlicesProgram: ProgramFamily<ProgramSpec, keyof typeof SLICE_UNIFORMS> = {
  name: 'sumSlices',
  uniforms: SLICE_UNIFORMS,
  wgsl: () => `${storage(0, 'parts', false, 'read')}
${storage(1, 'result', false, 'read_write')}
${declareUniforms(SLICE_UNIFORMS, 2)}
${perElement(
  'u.end - u.start',
  `let index = u.start + element;
  var sum = 0.0;
  for (var slice = 0; slice < u.slices; slice++) { sum += parts[slice * u.size + index]; }
  result[index] = sum;`,
  'element',
)}`,
};

const PIXEL_UNIFORMS = { channels: 'i32', pixels: 'i32', slices: 'i32', pixelsPerSlice: 'i32' } as const;

/** [pixels, channels] to [slices, channels], with channels counted in vectors of `width`. */
export const sumPixelsProgram: ProgramFamily<{ readonly width: 1 | 4 }, keyof typeof PIXEL_UNIFORMS> = {
  name: 'sumPixels',
  uniforms: PIXEL_UNIFORMS,
  wgsl: ({ width }) => `${storage(0, 'map', width === 4, 'read')}
${storage(1, 'result', width === 4, 'read_write')}
${declareUniforms(PIXEL_UNIFORMS, 2)}
${perElement(
  'u.slices * u.channels',
  `let first = index / u.channels * u.pixelsPerSlice;
  let last = min(first + u.pixelsPerSlice, u.pixels);
  var sum = ${vectorType(width)}();
  for (var pixel = first; pixel < last; pixel++) { sum += map[pixel * u.channels + index % u.channels]; }
  result[index] = sum;`,
)}`,
};

const SWAP_UNIFORMS = { size: 'i32', rows: 'i32', columns: 'i32' } as const;

/** [taps, rows, columns] to [taps, columns, rows]. */
export const swapChannelsProgram: ProgramFamily<ProgramSpec, keyof typeof SWAP_UNIFORMS> = {
  name: 'swapChannels',
  uniforms: SWAP_UNIFORMS,
  wgsl: () => `${storage(0, 'weights', false, 'read')}
${storage(1, 'result', false, 'read_write')}
${declareUniforms(SWAP_UNIFORMS, 2)}
${perElement(
  'u.size',
  `let row = index % u.rows;
  let column = (index / u.rows) % u.columns;
  let tap = index / (u.rows * u.columns);
  result[index] = weights[(tap * u.rows + row) * u.columns + column];`,
)}`,
};
