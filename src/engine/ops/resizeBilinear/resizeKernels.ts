// Bilinear resize and its adjoint on WebGPU, one dispatch each. Both ask the same function where an output samples, so the
// adjoint collects with exactly the weights that the forward pass gave out; it gathers, without atomics.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { MapSize } from '../geometry.ts';

interface Spec extends Readonly<Record<string, number | boolean | string>> {
  readonly alignCorners: boolean;
  /** Channels of a vector: 4 where they come out even. */
  readonly width: 1 | 4;
  /** Vectors of a thread, side by side: they share the arithmetic of where to sample. */
  readonly run: number;
}

// `in` is the map before the resize, `out` the one after, in both directions. Channels count in vectors of the spec's width.
const UNIFORMS = {
  threads: 'i32',
  channels: 'i32',
  runs: 'i32',
  inHeight: 'i32',
  inWidth: 'i32',
  outHeight: 'i32',
  outWidth: 'i32',
} as const;
type Uniform = keyof typeof UNIFORMS;

const declare = (reads: string, writes: string, { width }: Spec): string => {
  const type = width === 4 ? 'vec4f' : 'f32';
  const buffers: Buffers = { reads: { [reads]: type }, writes: { [writes]: type } };
  return `${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
alias Value = ${type};`;
};

const sampling = ({ alignCorners, run }: Spec): string => `
const RUN = ${run};
struct Sample { low: i32, high: i32, share: f32 }
fn sampleOf(i: i32, inSize: i32, outSize: i32) -> Sample {
  let position = ${
    alignCorners
      ? 'f32(i * (inSize - 1)) / f32(max(1, outSize - 1))'
      : 'max(0.0, f32((2 * i + 1) * inSize - outSize) / f32(2 * outSize))'
  };
  let low = min(inSize - 1, i32(floor(position)));
  return Sample(low, min(inSize - 1, low + 1), position - f32(low));
}`;

const each = (count: number, line: (k: number) => string): string =>
  Array.from({ length: count }, (_, k) => line(k)).join('\n      ');

const forward: ProgramFamily<Spec, Uniform> = {
  name: 'resizeBilinear',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare('x', 'y', spec)}
${sampling(spec)}
${perElement(
  'u.threads',
  `let start = (index % u.runs) * RUN;
  let pixel = index / u.runs;
  let column = pixel % u.outWidth;
  let line = pixel / u.outWidth;
  let row = line % u.outHeight;
  let image = line / u.outHeight;
  let v = sampleOf(row, u.inHeight, u.outHeight);
  let h = sampleOf(column, u.inWidth, u.outWidth);
  let upper = (image * u.inHeight + v.low) * u.inWidth;
  let lower = (image * u.inHeight + v.high) * u.inWidth;
  let upperLow = (upper + h.low) * u.channels;
  let upperHigh = (upper + h.high) * u.channels;
  let lowerLow = (lower + h.low) * u.channels;
  let lowerHigh = (lower + h.high) * u.channels;
  for (var c = start; c < min(start + RUN, u.channels); c++) {
    let top = mix(x[upperLow + c], x[upperHigh + c], h.share);
    let bottom = mix(x[lowerLow + c], x[lowerHigh + c], h.share);
    y[pixel * u.channels + c] = mix(top, bottom, v.share);
  }`,
)}`,
};

const adjoint: ProgramFamily<Spec, Uniform> = {
  name: 'resizeBilinearAdjoint',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare('dy', 'dx', spec)}
${sampling(spec)}
// The weight with which output i reads source s.
fn weightOf(i: i32, s: i32, inSize: i32, outSize: i32) -> f32 {
  let at = sampleOf(i, inSize, outSize);
  return select(0.0, 1.0 - at.share, at.low == s) + select(0.0, at.share, at.high == s);
}
// Outputs that may read s: those that sample in (s - 1, s + 1), and one more on either side against rounding.
fn firstReader(s: i32, inSize: i32, outSize: i32) -> i32 {
  return max(0, ${
    spec.alignCorners
      ? '((s - 1) * (outSize - 1)) / max(1, inSize - 1) - 1'
      : '((2 * s - 1) * outSize - inSize) / (2 * inSize) - 1'
  });
}
fn lastReader(s: i32, inSize: i32, outSize: i32) -> i32 {
  ${spec.alignCorners ? 'if (inSize == 1) { return outSize - 1; }' : ''}
  return min(outSize - 1, ${
    spec.alignCorners
      ? '((s + 1) * (outSize - 1)) / max(1, inSize - 1) + 1'
      : '((2 * s + 3) * outSize - inSize) / (2 * inSize) + 1'
  });
}
${perElement(
  'u.threads',
  `let start = (index % u.runs) * RUN;
  let pixel = index / u.runs;
  let column = pixel % u.inWidth;
  let line = pixel / u.inWidth;
  let row = line % u.inHeight;
  let image = line / u.inHeight;
  let left = firstReader(column, u.inWidth, u.outWidth);
  let right = lastReader(column, u.inWidth, u.outWidth);
  var sums: array<Value, RUN>;
  for (var i = firstReader(row, u.inHeight, u.outHeight); i <= lastReader(row, u.inHeight, u.outHeight); i++) {
    let vertical = weightOf(i, row, u.inHeight, u.outHeight);
    if (vertical == 0.0) { continue; }
    for (var j = left; j <= right; j++) {
      let weight = vertical * weightOf(j, column, u.inWidth, u.outWidth);
      if (weight == 0.0) { continue; }
      let at = ((image * u.outHeight + i) * u.outWidth + j) * u.channels;
      ${each(spec.run, (k) => `sums[${k}] += weight * dy[at + min(start + ${k}, u.channels - 1)];`)}
    }
  }
  ${each(spec.run, (k) => `if (start + ${k} < u.channels) { dx[pixel * u.channels + start + ${k}] = sums[${k}]; }`)}`,
)}`,
};

/** `x` [batch, height, width, channels] resized to `size`. */
export function resizeForward(x: tf.Tensor4D, size: MapSize, alignCorners: boolean): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  return dispatch(forward, x, [batch, size[0], size[1], channels], {
    inner: [height, width],
    outer: size,
    alignCorners,
  });
}

/** The adjoint: `dy` [batch, out height, out width, channels] back to `size`. */
export function resizeAdjoint(dy: tf.Tensor4D, size: MapSize, alignCorners: boolean): tf.Tensor4D {
  const [batch, height, width, channels] = dy.shape;
  return dispatch(adjoint, dy, [batch, size[0], size[1], channels], {
    inner: size,
    outer: [height, width],
    alignCorners,
  });
}

const MAX_RUN = 5;

interface Geometry {
  readonly inner: MapSize;
  readonly outer: MapSize;
  readonly alignCorners: boolean;
}

function dispatch(
  family: ProgramFamily<Spec, Uniform>,
  input: tf.Tensor4D,
  shape: [number, number, number, number],
  { inner, outer, alignCorners }: Geometry,
): tf.Tensor4D {
  const width = shape[3] % 4 === 0 ? 4 : 1;
  const channels = shape[3] / width;
  const run = Math.ceil(channels / Math.ceil(channels / MAX_RUN));
  const runs = Math.ceil(channels / run);
  const threads = shape[0] * shape[1] * shape[2] * runs;
  const uniforms = {
    threads,
    channels,
    runs,
    inHeight: inner[0],
    inWidth: inner[1],
    outHeight: outer[0],
    outWidth: outer[1],
  };
  return runTensor({
    family,
    spec: { alignCorners, width, run },
    inputs: [input],
    outputs: [{ shape }],
    dispatches: [{ workgroups: workgroupsFor(threads), uniforms }],
  }) as tf.Tensor4D;
}
