// Maps side by side, channel after channel: what ASPP and skip connections join. One dispatch either way on WebGPU, where
// TensorFlow.js takes one for every part of the gradient.
import { invariant } from '../../../domain/errors.ts';
import { defineKernel, type ElementType, numbered } from '../../gpu/kernel.ts';
import { canRunPrograms, maxStorageBuffers, type ProgramSpec } from '../../gpu/program.ts';
import { choose, vectorType, WORKGROUP } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';

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
  return withGradient(
    parts,
    () => ({ value: join(parts, [batch, height, width], channels) }),
    (dy) => split(dy, [batch, height, width], channels),
  );
}

interface Spec extends ProgramSpec {
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

const kernel = defineKernel({
  name: 'concatChannels',
  uniforms: UNIFORMS,
  inputs: (spec) => (spec.isGradient ? whole(spec) : apart(spec)),
  outputs: (spec) => (spec.isGradient ? apart(spec) : whole(spec)),
  wgsl: ({ parts, width, isGradient }: Spec) => {
    const ofPart = (text: (k: number) => string): string => choose('group.y', parts, text);
    return `@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let index = i32((group.z * u32(u.groups) + group.x) * ${WORKGROUP}u + thread);
  var channels = 1;
  var offset = 0;
  ${ofPart((k) => `channels = u.channels${k}; offset = u.offset${k};`)}
  if (index >= u.pixels * channels) { return; }
  let pixel = index / channels;
  let at = pixel * u.total + offset + index - pixel * channels;
  var value: ${vectorType(width)};
  ${isGradient ? `value = whole[at];\n  ${ofPart((k) => `part${k}[index] = value;`)}` : `${ofPart((k) => `value = part${k}[index];`)}\n  whole[at] = value;`}
}`;
  },
});
const whole = ({ width }: Spec): Record<string, ElementType> => ({ whole: vectorType(width) });
const apart = ({ parts, width }: Spec) => numbered('part', parts, vectorType(width));

type Pixels = readonly [batch: number, height: number, width: number];
const MAX_WORKGROUPS = 65_535;

function join(parts: readonly tf.Tensor4D[], pixels: Pixels, channels: readonly number[]): tf.Tensor4D {
  const whole = [...pixels, channels.reduce((sum, c) => sum + c, 0)] as const;
  const inputs = Object.fromEntries(parts.map((part, k) => [`part${k}`, part]));
  return kernel.run({ inputs, outputs: { whole }, ...workOn(pixels, channels, false) }).whole;
}

function split(whole: tf.Tensor4D, pixels: Pixels, channels: readonly number[]): tf.Tensor[] {
  const outputs = Object.fromEntries(channels.map((c, k) => [`part${k}`, [...pixels, c]]));
  return Object.values(kernel.run({ inputs: { whole }, outputs, ...workOn(pixels, channels, true) }));
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
  return { spec, workgroups, uniforms };
}
