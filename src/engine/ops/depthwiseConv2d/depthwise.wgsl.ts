// WGSL of the depthwise convolution in its three directions. Neighbouring threads take neighbouring channels, so that loads
// are contiguous; every input value meets few weights, and memory, not arithmetic, is the limit.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { lines, TAP_SHIFT, WINDOW, WORKGROUP_SIZE } from '../conv2d/kernels/tile.ts';

const UNIFORMS = {
  start: 'i32', // first workgroup of this dispatch
  batch: 'i32',
  outHeight: 'i32', // of the forward pass
  outWidth: 'i32',
  inHeight: 'i32',
  inWidth: 'i32',
  channels: 'i32',
  multiplier: 'i32',
  kernelHeight: 'i32',
  kernelWidth: 'i32',
  ...WINDOW,
  slices: 'i32', // of the gradient to the filter
  rowsPerSlice: 'i32',
} as const;
/** Pixels of a row that one thread computes. */
export const DEPTHWISE_PIXELS = 4;

const main = (body: string): string => `@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let work = (i32(group.x) + u.start) * ${WORKGROUP_SIZE} + i32(lane);
  let outputs = u.channels * u.multiplier;
${body}
}
`;

/** x [n, h, w, c], filter [kh, kw, c, m] (and bias [c * m]) to y [n, oh, ow, c * m]. */
export const depthwiseForward = defineKernel({
  name: 'depthwiseForward',
  uniforms: UNIFORMS,
  inputs: ({ bias }) => ({ source: 'f32', weights: 'f32', ...when(bias, { bias: 'f32' }) }),
  outputs: { result: 'f32' },
  wgsl: ({ bias }: { readonly bias: boolean }) =>
    main(
      `  let o = work % outputs;
  let tilesPerRow = (u.outWidth + ${DEPTHWISE_PIXELS - 1}) / ${DEPTHWISE_PIXELS};
  let tile = work / outputs;
  let first = (tile % tilesPerRow) * ${DEPTHWISE_PIXELS};
  let row = tile / tilesPerRow;
  if (row >= u.batch * u.outHeight) { return; }
  let c = o / u.multiplier;
${lines(DEPTHWISE_PIXELS, (p) => `  var a${p} = ${bias ? 'bias[o]' : '0.0'};`)}
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let y = (row % u.outHeight) * u.strideY + ky * u.dilationY - u.top;
    if (y < 0 || y >= u.inHeight) { continue; }
    let rowStart = ((row / u.outHeight) * u.inHeight + y) * u.inWidth;
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let weight = weights[(ky * u.kernelWidth + kx) * outputs + o];
${lines(
  DEPTHWISE_PIXELS,
  (p) => `      let x${p} = (first + ${p}) * u.strideX + kx * u.dilationX - u.left;
      a${p} += weight * select(0.0, source[(rowStart + clamp(x${p}, 0, u.inWidth - 1)) * u.channels + c], x${p} >= 0 && x${p} < u.inWidth);`,
)}
    }
  }
${lines(DEPTHWISE_PIXELS, (p) => `  if (first + ${p} < u.outWidth) { result[(row * u.outWidth + first + ${p}) * outputs + o] = a${p}; }`)}`,
    ),
});

/** dy [n, oh, ow, c * m] and filter to dx [n, h, w, c]. */
export const depthwiseToInput = defineKernel({
  name: 'depthwiseToInput',
  uniforms: UNIFORMS,
  inputs: { upstream: 'f32', weights: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    main(
      `  let c = work % u.channels;
  let pixel = work / u.channels;
  let x = pixel % u.inWidth;
  let row = pixel / u.inWidth;
  if (row >= u.batch * u.inHeight) { return; }
  var sum = 0.0;
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let ty = (row % u.inHeight) + u.top - ky * u.dilationY;
    if (ty < 0 || ty % u.strideY != 0 || ty / u.strideY >= u.outHeight) { continue; }
    let rowStart = ((row / u.inHeight) * u.outHeight + ty / u.strideY) * u.outWidth;
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let tx = x + u.left - kx * u.dilationX;
      if (tx < 0 || tx % u.strideX != 0 || tx / u.strideX >= u.outWidth) { continue; }
      let at = (rowStart + tx / u.strideX) * outputs + c * u.multiplier;
      let tap = (ky * u.kernelWidth + kx) * outputs + c * u.multiplier;
      for (var m = 0; m < u.multiplier; m++) { sum += weights[tap + m] * upstream[at + m]; }
    }
  }
  result[work] = sum;`,
    ),
});

/** x and dy to dW [slices, kh, kw, c, m]; the slices of rows are added by a second program. */
export const depthwiseToFilter = defineKernel({
  name: 'depthwiseToFilter',
  uniforms: UNIFORMS,
  inputs: { source: 'f32', upstream: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    main(
      `  let o = work % outputs;
  let tap = (work / outputs) % (u.kernelHeight * u.kernelWidth);
  let slice = work / (outputs * u.kernelHeight * u.kernelWidth);
  if (slice >= u.slices) { return; }
  let c = o / u.multiplier;
${TAP_SHIFT}
  let lastRow = min((slice + 1) * u.rowsPerSlice, u.batch * u.outHeight);
  var sum = 0.0;
  for (var row = slice * u.rowsPerSlice; row < lastRow; row++) {
    let y = (row % u.outHeight) * u.strideY + shiftY;
    if (y < 0 || y >= u.inHeight) { continue; }
    let rowStart = ((row / u.outHeight) * u.inHeight + y) * u.inWidth;
    for (var column = 0; column < u.outWidth; column++) {
      let x = column * u.strideX + shiftX;
      if (x < 0 || x >= u.inWidth) { continue; }
      sum += source[(rowStart + x) * u.channels + c] * upstream[(row * u.outWidth + column) * outputs + o];
    }
  }
  result[work] = sum;`,
    ),
});
