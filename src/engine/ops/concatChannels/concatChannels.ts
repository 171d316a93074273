// Maps side by side, channel after channel: what ASPP and skip connections join. One dispatch either way on WebGPU, where
// TensorFlow.js takes one for every part of the gradient.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms, declareUniforms, maxStorageBuffers, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor, runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, choose, declareBuffers, uniformBinding, WORKGROUP } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

const MAX_PARTS = 7;
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** Joins `parts` [batch, height, width, channels of its own] along their channels. */
export function concatChannels(parts: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [first] = parts;
  invariant(first !== undefined, () => 'concatChannels: there is no part.');
  const [batch, height, width] = first.shape;
  for (const part of parts) assertShape(part, [batch, height, width, 'channels'], 'concatChannels part');
  if (!canRunPrograms() || parts.length > Math.min(MAX_PARTS, maxStorageBuffers() - 1)) return tf.concat([...parts], 3);
  const channels = parts.map(({ shape }) => shape[3]);
  const run = tf.customGrad((...args) => ({
    value: join(args.slice(0, -1) as unknown as tf.Tensor[], [batch, height, width], channels),
    gradFunc: (dy: tf.Tensor) => split(dy, [batch, height, width], channels),
  }));
  return run(...parts) as tf.Tensor4D;
}

interface Spec extends Readonly<Record<string, number | boolean | string>> {
  readonly parts: number;
  /** Channels of a vector: 4 where they come out even. */
  readonly width: 1 | 4;
  readonly isGradient: boolean;
}

// Channels, and those before, in vectors of the spec's width.
const UNIFORMS: Readonly<Record<string, 'i32'>> = {
  pixels: 'i32',
  total: 'i32',
  groups: 'i32',
  ...Object.fromEntries(
    range(MAX_PARTS).flatMap((k) => [
      [`channels${k}`, 'i32'],
      [`offset${k}`, 'i32'],
    ]),
  ),
};

const family: ProgramFamily<Spec> = {
  name: 'concatChannels',
  uniforms: UNIFORMS,
  wgsl: ({ parts, width, isGradient }) => {
    const type = width === 4 ? 'vec4f' : 'f32';
    const apart = Object.fromEntries(range(parts).map((k) => [`part${k}`, type] as const));
    const buffers: Buffers = isGradient
      ? { reads: { whole: type }, writes: apart }
      : { reads: apart, writes: { whole: type } };
    const ofPart = (text: (k: number) => string): string => choose('group.y', parts, text);
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = i32((group.z * u32(u.groups) + group.x) * ${WORKGROUP}u + thread);
  var channels = 1;
  var offset = 0;
  ${ofPart((k) => `channels = u.channels${k}; offset = u.offset${k};`)}
  if (index >= u.pixels * channels) { return; }
  let pixel = index / channels;
  let at = pixel * u.total + offset + index - pixel * channels;
  var value: ${type};
  ${isGradient ? `value = whole[at];\n  ${ofPart((k) => `part${k}[index] = value;`)}` : `${ofPart((k) => `value = part${k}[index];`)}\n  whole[at] = value;`}
}`;
  },
};

type Pixels = readonly [batch: number, height: number, width: number];
const MAX_WORKGROUPS = 65_535;

function join(inputs: readonly tf.Tensor[], pixels: Pixels, channels: readonly number[]): tf.Tensor {
  const outputs = [{ shape: [...pixels, channels.reduce((sum, c) => sum + c, 0)] }];
  return runTensor({ family, inputs, outputs, ...workOn(pixels, channels, false) });
}

function split(dy: tf.Tensor, pixels: Pixels, channels: readonly number[]): tf.Tensor[] {
  const outputs = channels.map((c) => ({ shape: [...pixels, c] }));
  return runTensors({ family, inputs: [dy], outputs, ...workOn(pixels, channels, true) });
}

function workOn([batch, height, width]: Pixels, channels: readonly number[], isGradient: boolean) {
  const vector = channels.every((c) => c % 4 === 0) ? 4 : 1;
  const pixels = batch * height * width;
  const groups = Math.ceil((pixels * Math.max(...channels)) / vector / WORKGROUP);
  const layers = Math.ceil(groups / MAX_WORKGROUPS);
  const uniforms: Record<string, number> = { pixels, groups: Math.ceil(groups / layers), total: 0 };
  for (const k of range(MAX_PARTS)) {
    const count = (channels[k] ?? 0) / vector;
    uniforms[`channels${k}`] = count;
    uniforms[`offset${k}`] = uniforms.total ?? 0;
    uniforms.total = (uniforms.total ?? 0) + count;
  }
  const workgroups = [Math.ceil(groups / layers), channels.length, layers] as const;
  const spec: Spec = { parts: channels.length, width: vector, isGradient };
  return { spec, dispatches: [{ workgroups, uniforms }] };
}
