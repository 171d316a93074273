// WGSL of the small programs around the passes: two deterministic sums (over the slices that a first program left behind,
// and over all pixels of a map), and the filter with its channels swapped.
import { declareUniforms, type ProgramFamily, type ProgramSpec } from '../../../gpu/program.ts';
import { storage, WORKGROUP_SIZE } from './tile.ts';

const SLICE_UNIFORMS = { size: 'i32', slices: 'i32' } as const;

/** [slices, size] to [size]. */
export const sumSlicesProgram: ProgramFamily<ProgramSpec, keyof typeof SLICE_UNIFORMS> = {
  name: 'sumSlices',
  uniforms: SLICE_UNIFORMS,
  wgsl: () => `${storage(0, 'parts', false, 'read')}
${storage(1, 'result', false, 'read_write')}
${declareUniforms(SLICE_UNIFORMS, 2)}
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.x);
  if (at >= u.size) { return; }
  var sum = 0.0;
  for (var slice = 0; slice < u.slices; slice++) { sum += parts[slice * u.size + at]; }
  result[at] = sum;
}
`,
};

const PIXEL_UNIFORMS = { channels: 'i32', pixels: 'i32', slices: 'i32', pixelsPerSlice: 'i32' } as const;

/** [pixels, channels] to [slices, channels]. */
export const sumPixelsProgram: ProgramFamily<ProgramSpec, keyof typeof PIXEL_UNIFORMS> = {
  name: 'sumPixels',
  uniforms: PIXEL_UNIFORMS,
  wgsl: () => `${storage(0, 'map', false, 'read')}
${storage(1, 'result', false, 'read_write')}
${declareUniforms(PIXEL_UNIFORMS, 2)}
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let slice = i32(id.x) / u.channels;
  let channel = i32(id.x) % u.channels;
  if (slice >= u.slices) { return; }
  let last = min((slice + 1) * u.pixelsPerSlice, u.pixels);
  var sum = 0.0;
  for (var pixel = slice * u.pixelsPerSlice; pixel < last; pixel++) { sum += map[pixel * u.channels + channel]; }
  result[slice * u.channels + channel] = sum;
}
`,
};

const SWAP_UNIFORMS = { size: 'i32', rows: 'i32', columns: 'i32' } as const;

/** [taps, rows, columns] to [taps, columns, rows]. */
export const swapChannelsProgram: ProgramFamily<ProgramSpec, keyof typeof SWAP_UNIFORMS> = {
  name: 'swapChannels',
  uniforms: SWAP_UNIFORMS,
  wgsl: () => `${storage(0, 'weights', false, 'read')}
${storage(1, 'result', false, 'read_write')}
${declareUniforms(SWAP_UNIFORMS, 2)}
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.x);
  if (at >= u.size) { return; }
  let row = at % u.rows;
  let column = (at / u.rows) % u.columns;
  let tap = at / (u.rows * u.columns);
  result[at] = weights[(tap * u.rows + row) * u.columns + column];
}
`,
};
