// Cross-entropy on WebGPU without one-hot rows or probabilities in memory: a thread takes a pixel and
// keeps its logits and their exponentials, one a class; the gradient computes them again instead of reading them back.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor, runTensors } from '../../gpu/runTensors.ts';
import {
  type Buffers,
  declareBuffers,
  perElement,
  uniformBinding,
  WORKGROUP,
  workgroupSum,
  workgroupsFor,
} from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { type ClassSpec, classSpec, everyClass, exponentials, perClass } from '../core/softmax.wgsl.ts';
import type { CrossEntropyDivisor } from './crossEntropyOptions.ts';

/** What the kernels take beside logits and labels. */
export interface CrossEntropyTerms {
  readonly logits: tf.Tensor4D;
  readonly labels: tf.Tensor3D;
  readonly classWeights: tf.Tensor1D | null;
  readonly keep: tf.Tensor3D | null;
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
const READS = { logits: 'f32', labels: 'i32', classWeights: 'f32', keep: 'f32' } as const;

const declare = (buffers: Buffers): string =>
  `${declareBuffers(buffers)}\n${declareUniforms(UNIFORMS, uniformBinding(buffers))}`;

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

const perPixel: ProgramFamily<ClassSpec> = {
  name: 'pixelCrossEntropy',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({ reads: { logits: 'f32', labels: 'i32' }, writes: { losses: 'f32' } })}
${lossOf(spec)}
${perElement(
  'u.pixels',
  `let label = labels[index];
  var loss = 0.0;
  if (isValid(label)) { loss = lossOf(index, label); }
  losses[index] = loss;`,
)}`,
};

// Per workgroup: weighted loss, valid pixels, kept pixels, weights.
const partialSums: ProgramFamily<ClassSpec> = {
  name: 'crossEntropyPartialSums',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({ reads: READS, writes: { sums: 'vec4f' } })}
${lossOf(spec)}
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
};

const FINISH_UNIFORMS = { groups: 'i32', pixels: 'i32', divisor: 'i32' } as const;
/** Which of the partial sums divides; the first, which is the loss, stands for the number of pixels. */
const DIVISORS: Readonly<Record<CrossEntropyDivisor, number>> = { pixels: 0, valid: 1, kept: 2, weights: 3 };

const FINISH_BUFFERS: Buffers = { reads: { sums: 'vec4f' }, writes: { loss: 'f32', perDivisor: 'f32' } };
const finish: ProgramFamily<Record<string, never>, keyof typeof FINISH_UNIFORMS> = {
  name: 'crossEntropyFinish',
  uniforms: FINISH_UNIFORMS,
  wgsl: () => `
${declareBuffers(FINISH_BUFFERS)}
${declareUniforms(FINISH_UNIFORMS, uniformBinding(FINISH_BUFFERS))}
${workgroupSum('total', 'vec4f')}
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
};

type GradientSpec = ClassSpec & { readonly mean: boolean };

// dz = (softmax - one-hot) * upstream / temperature; upstream per pixel, or one for all times the pixel's share of the mean.
const gradient: ProgramFamily<GradientSpec> = {
  name: 'crossEntropyGradient',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({
  reads: spec.mean
    ? { ...READS, upstream: 'f32', perDivisor: 'f32' }
    : { logits: 'f32', labels: 'i32', upstream: 'f32' },
  writes: { dLogits: 'f32' },
})}
${isValid(spec)}
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
};

const specOf = ({ logits }: CrossEntropyTerms): ClassSpec => classSpec(logits.shape[3]);
const inputsOf = ({ logits, labels, classWeights, keep }: CrossEntropyTerms): tf.Tensor[] => [
  logits,
  labels,
  classWeights ?? logits,
  keep ?? logits,
];
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
  return runTensor({
    family: perPixel,
    spec: specOf(terms),
    inputs: [terms.logits, terms.labels],
    outputs: [{ shape: terms.labels.shape }],
    dispatches: [{ workgroups: workgroupsFor(terms.labels.size), uniforms: uniformsOf(terms) }],
  }) as tf.Tensor3D;
}

const MAX_GROUPS = 256;
const PIXELS_PER_THREAD = 4;

/** The mean, and 1 over its divisor for the gradient: two dispatches. */
export function meanLoss(
  terms: CrossEntropyTerms,
  divideBy: CrossEntropyDivisor,
): [loss: tf.Scalar, perDivisor: tf.Scalar] {
  const pixels = terms.labels.size;
  const groups = Math.min(MAX_GROUPS, Math.max(1, Math.ceil(pixels / (WORKGROUP * PIXELS_PER_THREAD))));
  const sums = runTensor({
    family: partialSums,
    spec: specOf(terms),
    inputs: inputsOf(terms),
    outputs: [{ shape: [groups, 4] }],
    dispatches: [{ workgroups: [groups, 1, 1], uniforms: uniformsOf(terms) }],
  });
  const results = runTensors({
    family: finish,
    spec: {},
    inputs: [sums],
    outputs: [{ shape: [] }, { shape: [] }],
    dispatches: [{ workgroups: [1, 1, 1], uniforms: { groups, pixels, divisor: DIVISORS[divideBy] } }],
  });
  return results as [tf.Scalar, tf.Scalar];
}

/** Gradient to the logits: one dispatch. `perDivisor` null: `upstream` [batch, height, width] is that of the losses per pixel. */
export function logitsGradient(
  terms: CrossEntropyTerms,
  upstream: tf.Tensor,
  perDivisor: tf.Tensor | null,
): tf.Tensor4D {
  const mean = perDivisor !== null;
  return runTensor({
    family: gradient,
    spec: { ...specOf(terms), mean },
    inputs: mean ? [...inputsOf(terms), upstream, perDivisor] : [terms.logits, terms.labels, upstream],
    outputs: [{ shape: terms.logits.shape }],
    dispatches: [{ workgroups: workgroupsFor(terms.labels.size), uniforms: uniformsOf(terms) }],
  }) as tf.Tensor4D;
}
