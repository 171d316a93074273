// Bilinear resize and its adjoint on WebGPU, one dispatch each. Positions are fractions of whole numbers, so that both know
// exactly which outputs lie between which two inputs: enlarging reads four values for all outputs between them, and the
// adjoint collects, without atomics, from the outputs that read it and from no other.
import { defineKernel, when } from '../../gpu/kernel.ts';
import type { ProgramSpec } from '../../gpu/program.ts';
import { vectorType, vectorWidth, WORKGROUP } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { MapSize } from '../core/geometry.ts';
import { doubled, doubledAdjoint } from './doublingKernels.ts';

interface Spec extends ProgramSpec {
  readonly alignCorners: boolean;
  /** Channels of a vector: 4 where they come out even. */
  readonly width: 1 | 4;
  /** Whether another map is added to the result. */
  readonly adds: boolean;
}

// `in` is the map before the resize, `out` the one after, in both directions. Channels count in vectors of the spec's width.
const UNIFORMS = { channels: 'i32', inHeight: 'i32', inWidth: 'i32', outHeight: 'i32', outWidth: 'i32' } as const;
const map = ({ width }: Spec) => vectorType(width);
const mapAnd = (spec: Spec) => ({ x: map(spec), ...when(spec.adds, { added: map(spec) }) });

/**
 * A workgroup takes a piece of one row of one image: `row` and `image` are the same for all its threads, so that what follows
 * from them costs little. A thread's place in the row is `column` and `c`; `width` columns there are.
 */
const placed = (spec: Spec, width: string, body: string): string => `alias Value = ${map(spec)};
// Output i lies at above / below of the map's pixels.
fn above(i: i32, inSize: i32, outSize: i32) -> i32 {
  return ${spec.alignCorners ? 'i * (inSize - 1)' : 'max(0, (2 * i + 1) * inSize - outSize)'};
}
fn below(outSize: i32) -> i32 { return ${spec.alignCorners ? 'max(1, outSize - 1)' : '2 * outSize'}; }
// The first output at pixel s or after it: outputs from there to that of s + 1 are mixed from pixels s and s + 1.
fn firstAt(s: i32, inSize: i32, outSize: i32) -> i32 {
  if (s <= 0) { return 0; }
  if (s >= inSize) { return outSize; }
  return min(outSize, ${
    spec.alignCorners
      ? '(s * below(outSize) + inSize - 2) / (inSize - 1)'
      : '(outSize * (2 * s + 1) + inSize - 1) / (2 * inSize)'
  });
}
// How far output i lies from pixel s towards the next.
fn shareAt(i: i32, s: i32, inSize: i32, outSize: i32) -> f32 {
  return f32(above(i, inSize, outSize) - s * below(outSize)) / f32(below(outSize));
}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let place = i32(group.x * ${WORKGROUP}u + thread);
  let row = i32(group.y);
  let image = i32(group.z);
  let column = place / u.channels;
  let c = place - column * u.channels;
  if (column >= ${width}) { return; }
  ${body}
}`;

const store = ({ adds }: Spec, at: string, value: string): string =>
  `y[${at}] = ${value}${adds ? ` + added[${at}]` : ''};`;
const CORNERS = `let upper = (image * u.inHeight + low) * u.inWidth;
  let lower = (image * u.inHeight + min(low + 1, u.inHeight - 1)) * u.inWidth;
  let right = min(left + 1, u.inWidth - 1);
  let a = x[(upper + left) * u.channels + c];
  let b = x[(upper + right) * u.channels + c];
  let d = x[(lower + left) * u.channels + c];
  let e = x[(lower + right) * u.channels + c];`;

/** A thread takes the four pixels around a cell of the input and writes all outputs in it. */
const enlarge = defineKernel({
  name: 'resizeBilinearEnlarge',
  uniforms: UNIFORMS,
  inputs: mapAnd,
  outputs: (spec) => ({ y: map(spec) }),
  wgsl: (spec: Spec) =>
    placed(
      spec,
      'u.inWidth',
      `let low = row;
  let left = column;
  ${CORNERS}
  let start = firstAt(left, u.inWidth, u.outWidth);
  let end = firstAt(left + 1, u.inWidth, u.outWidth);
  for (var i = firstAt(low, u.inHeight, u.outHeight); i < firstAt(low + 1, u.inHeight, u.outHeight); i++) {
    let v = shareAt(i, low, u.inHeight, u.outHeight);
    let first = mix(a, d, v);
    let second = mix(b, e, v);
    let line = (image * u.outHeight + i) * u.outWidth;
    for (var j = start; j < end; j++) {
      let at = (line + j) * u.channels + c;
      ${store(spec, 'at', 'mix(first, second, shareAt(j, left, u.inWidth, u.outWidth))')}
    }
  }`,
    ),
});

/** A thread takes an output. */
const sample = defineKernel({
  name: 'resizeBilinearSample',
  uniforms: UNIFORMS,
  inputs: mapAnd,
  outputs: (spec) => ({ y: map(spec) }),
  wgsl: (spec: Spec) =>
    placed(
      spec,
      'u.outWidth',
      `let low = above(row, u.inHeight, u.outHeight) / below(u.outHeight);
  let left = above(column, u.inWidth, u.outWidth) / below(u.outWidth);
  ${CORNERS}
  let v = shareAt(row, low, u.inHeight, u.outHeight);
  let at = ((image * u.outHeight + row) * u.outWidth + column) * u.channels + c;
  ${store(spec, 'at', 'mix(mix(a, d, v), mix(b, e, v), shareAt(column, left, u.inWidth, u.outWidth))')}`,
    ),
});

/** A thread takes an input: outputs before it give their share, those after it the rest; the last pixel takes both. */
const adjoint = defineKernel({
  name: 'resizeBilinearAdjoint',
  uniforms: UNIFORMS,
  inputs: (spec) => ({ dy: map(spec) }),
  outputs: (spec) => ({ dx: map(spec) }),
  wgsl: (spec: Spec) =>
    placed(
      spec,
      'u.inWidth',
      `let top = firstAt(row - 1, u.inHeight, u.outHeight);
  let middle = firstAt(row, u.inHeight, u.outHeight);
  let bottom = firstAt(row + 1, u.inHeight, u.outHeight);
  let center = firstAt(column, u.inWidth, u.outWidth);
  let end = firstAt(column + 1, u.inWidth, u.outWidth);
  var sum = Value();
  for (var j = firstAt(column - 1, u.inWidth, u.outWidth); j < end; j++) {
    let place = (image * u.outHeight * u.outWidth + j) * u.channels + c;
    var line = Value();
    for (var i = top; i < middle; i++) {
      line += shareAt(i, row - 1, u.inHeight, u.outHeight) * dy[place + i * u.outWidth * u.channels];
    }
    for (var i = middle; i < bottom; i++) {
      let share = select(shareAt(i, row, u.inHeight, u.outHeight), 0.0, row == u.inHeight - 1);
      line += (1.0 - share) * dy[place + i * u.outWidth * u.channels];
    }
    let before = shareAt(j, column - 1, u.inWidth, u.outWidth);
    let after = 1.0 - select(shareAt(j, column, u.inWidth, u.outWidth), 0.0, column == u.inWidth - 1);
    sum += select(after, before, j < center) * line;
  }
  dx[((image * u.inHeight + row) * u.inWidth + column) * u.channels + c] = sum;`,
    ),
});

const isDoubled = ({ inner, outer, alignCorners }: Geometry): boolean =>
  !alignCorners && outer[0] === 2 * inner[0] && outer[1] === 2 * inner[1];

interface Geometry {
  /** The map before the resize, and the one after. */
  readonly inner: MapSize;
  readonly outer: MapSize;
  readonly alignCorners: boolean;
}

// A thread that writes more outputs than these leaves too many others idle.
const MAX_CELL = 64;

/** `x` [batch, height, width, channels] resized to `size`, plus `added` if there is one. */
export function resizeForward(x: tf.Tensor4D, size: MapSize, alignCorners: boolean, added?: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, depth] = x.shape;
  const geometry: Geometry = { inner: [height, width], outer: size, alignCorners };
  if (isDoubled(geometry)) return doubled(x, added);
  const isEnlarged = size[0] >= height && size[1] >= width && size[0] * size[1] <= MAX_CELL * height * width;
  const kernel = isEnlarged ? enlarge : sample;
  const { y } = kernel.run({
    inputs: { x, added },
    outputs: { y: [batch, ...size, depth] },
    ...launchOver(isEnlarged ? [height, width] : size, batch, depth, geometry, added !== undefined),
  });
  return y;
}

/** The adjoint: `dy` [batch, out height, out width, channels] back to `size`. */
export function resizeAdjoint(dy: tf.Tensor4D, size: MapSize, alignCorners: boolean): tf.Tensor4D {
  const [batch, height, width, depth] = dy.shape;
  const geometry: Geometry = { inner: size, outer: [height, width], alignCorners };
  if (isDoubled(geometry)) return doubledAdjoint(dy);
  const outputs = { dx: [batch, ...size, depth] } as const;
  return adjoint.run({ inputs: { dy }, outputs, ...launchOver(size, batch, depth, geometry, false) }).dx;
}

/** A thread for every place of a map of the size `over`. */
function launchOver(over: MapSize, batch: number, depth: number, geometry: Geometry, adds: boolean) {
  const { inner, outer, alignCorners } = geometry;
  const width = vectorWidth(depth);
  const channels = depth / width;
  const uniforms = { channels, inHeight: inner[0], inWidth: inner[1], outHeight: outer[0], outWidth: outer[1] };
  const workgroups = [Math.ceil((over[1] * channels) / WORKGROUP), over[0], batch] as const;
  return { spec: { alignCorners, width, adds }, workgroups, uniforms };
}
