// Cross-entropy on WebGPU without one-hot rows or probabilities in memory: a thread takes a pixel and
// keeps its logits and their exponentials, one a class; the gradient computes them again instead of reading them back.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { perElement, WORKGROUP, workgroupSum } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { type ClassSpec, classSpec, everyClass, exponentials, perClass } from '../core/softmax.wgsl.ts';
import type { CrossEntropyDivisor } from './crossEntropyOptions.ts';

export type CrossEntropyTensors = {
  readonly logits: tf.Tensor4D;
  readonly labels: tf.Tensor3D;
  readonly classWeights: tf.Tensor1D | null;
  readonly keep: tf.Tensor3D | null;
};
/** What the kernels take. */
export interface CrossEntropyTerms extends CrossEntropyTensors {
  readonly ignore: number;
  readonly temperature: number;
}

// One text for losses with and without weights and mask: where there are none, what is bound in their place is not read.
const UNIFORMS = {
  pixels: 'i32',
  classes: 'i32',
  ignore: 'i32',
  perTemperature: 'f32',
  weighted: 'i32',
  masked: 'i32',
} as const;
const INPUTS = { logits: 'f32', labels: 'i32', classWeights: 'f32', keep: 'f32' } as const;

const isValid = ({ classes }: ClassSpec): string =>
  `fn isValid(label: i32) -> bool { return label >= 0 && label < ${classes} && label != u.ignore; }`;
const lossOf = (spec: ClassSpec): string => `
${isValid(spec)}
fn lossOf(pixel: i32, label: i32) -> f32 {
  let first = pixel * ${spec.classes};
  ${exponentials(spec, 'u.perTemperature')}
  return log(sum) - (logits[first + label] - highest) * u.perTemperature;
}`;

const WEIGHTS = `
fn keepOf(pixel: i32) -> f32 {
  var kept = 1.0;
  if (u.masked != 0) { kept = keep[pixel]; }
  return kept;
}
fn weightOf(label: i32) -> f32 {
  var weight = 1.0;
  if (u.weighted != 0) { weight = classWeights[label]; }
  return weight;
}`;

const perPixel = defineKernel({
  name: 'pixelCrossEntropy',
  uniforms: UNIFORMS,
  inputs: { logits: 'f32', labels: 'i32' },
  outputs: { losses: 'f32' },
  wgsl: (spec: ClassSpec) => `${lossOf(spec)}
${perElement(
  'u.pixels',
  `let label = labels[index];
  var loss = 0.0;
  if (isValid(label)) { loss = lossOf(index, label); }
  losses[index] = loss;`,
)}`,
});

// Per workgroup: weighted loss, valid pixels, kept pixels, weights.
const partialSums = defineKernel({
  name: 'crossEntropyPartialSums',
  uniforms: UNIFORMS,
  inputs: INPUTS,
  outputs: { sums: 'vec4f' },
  wgsl: (spec: ClassSpec) => `${lossOf(spec)}
${WEIGHTS}
${workgroupSum('total', 'vec4f')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  var sum = vec4f(0.0);
  let stride = i32(groups.x * ${WORKGROUP}u);
  for (var pixel = i32(group.x * ${WORKGROUP}u + thread); pixel < u.pixels; pixel += stride) {
    let label = labels[pixel];
    if (isValid(label)) {
      let kept = keepOf(pixel);
      let weight = kept * weightOf(label);
      sum += vec4f(weight * lossOf(pixel, label), 1.0, kept, weight);
    }
  }
  let all = total(thread, sum);
  if (thread == 0u) { sums[group.x] = all; }
}`,
});

/** Which of the partial sums divides; the first, which is the loss, stands for the number of pixels. */
const DIVISORS: Readonly<Record<CrossEntropyDivisor, number>> = { pixels: 0, valid: 1, kept: 2, weights: 3 };

const finish = defineKernel({
  name: 'crossEntropyFinish',
  uniforms: { groups: 'i32', pixels: 'i32', divisor: 'i32' },
  inputs: { sums: 'vec4f' },
  outputs: { loss: 'f32', perDivisor: 'f32' },
  wgsl: () => `${workgroupSum('total', 'vec4f')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = vec4f(0.0);
  for (var group = i32(thread); group < u.groups; group += ${WORKGROUP}) { sum += sums[group]; }
  let all = total(thread, sum);
  if (thread == 0u) {
    let count = vec4f(f32(u.pixels), all.yzw)[u.divisor];
    // With nothing to count the sum is 0 as well: 0 / 1.
    let divisor = select(count, 1.0, count == 0.0);
    loss[0] = all.x / divisor;
    perDivisor[0] = 1.0 / divisor;
  }
}`,
});

type GradientSpec = ClassSpec & { readonly mean: boolean };

// dz = (softmax - one-hot) * upstream / temperature; upstream per pixel, or one for all times the pixel's share of the mean.
export const crossEntropyGradient = defineKernel({
  name: 'crossEntropyGradient',
  uniforms: UNIFORMS,
  inputs: ({ mean }) => ({
    ...{ logits: 'f32', labels: 'i32' },
    ...when(mean, { classWeights: 'f32', keep: 'f32' }),
    upstream: 'f32',
    ...when(mean, { perDivisor: 'f32' }),
  }),
  outputs: { dLogits: 'f32' },
  wgsl: (spec: GradientSpec) => `${isValid(spec)}
${spec.mean ? WEIGHTS : ''}
${perElement(
  'u.pixels',
  `let label = labels[pixel];
  let first = pixel * ${spec.classes};
  ${exponentials(spec, 'u.perTemperature')}
  var scale = 0.0;
  if (isValid(label)) {
    scale = u.perTemperature * ${spec.mean ? 'upstream[0] * perDivisor[0] * keepOf(pixel) * weightOf(label)' : 'upstream[pixel]'};
  }
  let share = scale / sum;
  var dz: array<f32, ${spec.classes}>;
  ${perClass(spec, (c) => `dz[${c}] = share * e${c} - select(0.0, scale, label == ${c});`)}
  ${everyClass(spec, (c) => `dLogits[first + ${c}] = dz[${c}];`)}`,
  'pixel',
)}`,
});

const specOf = ({ logits }: CrossEntropyTerms): ClassSpec => classSpec(logits.shape[3]);
const inputsOf = ({ logits, labels, classWeights, keep }: CrossEntropyTerms) => ({
  logits,
  labels,
  classWeights: classWeights ?? logits,
  keep: keep ?? logits,
});
const uniformsOf = ({ logits, labels, ignore, temperature, ...terms }: CrossEntropyTerms) => ({
  pixels: labels.size,
  classes: logits.shape[3],
  ignore,
  perTemperature: 1 / temperature,
  weighted: terms.classWeights === null ? 0 : 1,
  masked: terms.keep === null ? 0 : 1,
});

/** Cross-entropy per pixel [batch, height, width]: one dispatch. */
export function pixelLosses(terms: CrossEntropyTerms): tf.Tensor3D {
  const { losses } = perPixel.run({
    spec: specOf(terms),
    inputs: { logits: terms.logits, labels: terms.labels },
    outputs: { losses: terms.labels.shape },
    threads: terms.labels.size,
    uniforms: uniformsOf(terms),
  });
  return losses;
}

const MAX_GROUPS = 256;
const PIXELS_PER_THREAD = 4;

/** The mean, and 1 over its divisor for the gradient: two dispatches. */
export function meanLoss(
  terms: CrossEntropyTerms,
  divideBy: CrossEntropyDivisor,
): { readonly loss: tf.Scalar; readonly perDivisor: tf.Scalar } {
  const pixels = terms.labels.size;
  const groups = Math.min(MAX_GROUPS, Math.max(1, Math.ceil(pixels / (WORKGROUP * PIXELS_PER_THREAD))));
  const { sums } = partialSums.run({
    spec: specOf(terms),
    inputs: inputsOf(terms),
    outputs: { sums: [groups, 4] },
    workgroups: [groups, 1, 1],
    uniforms: uniformsOf(terms),
  });
  return finish.run({
    inputs: { sums },
    outputs: { loss: [], perDivisor: [] },
    workgroups: [1, 1, 1],
    uniforms: { groups, pixels, divisor: DIVISORS[divideBy] },
  });
}

/** Gradient to the logits: one dispatch. `perDivisor` null: `upstream` [batch, height, width] is that of the losses per pixel. */
export function logitsGradient(
  terms: CrossEntropyTerms,
  upstream: tf.Tensor,
  perDivisor: tf.Tensor | null,
): tf.Tensor4D {
  const { dLogits } = crossEntropyGradient.run({
    spec: { ...specOf(terms), mean: perDivisor !== null },
    inputs: { ...inputsOf(terms), upstream, perDivisor },
    outputs: { dLogits: terms.logits.shape },
    threads: terms.labels.size,
    uniforms: uniformsOf(terms),
  });
  return dLogits;
}
