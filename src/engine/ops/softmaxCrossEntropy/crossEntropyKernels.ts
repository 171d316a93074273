// Cross-entropy on WebGPU without one-hot rows or probabilities in memory: a thread takes a pixel, reads its logits once and
// keeps them and their exponentials in registers, one a class; the gradient computes them again instead of reading them back.
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
import { exponentials, perClass } from '../softmax.wgsl.ts';
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

interface Spec extends Readonly<Record<string, number | boolean | string>> {
  readonly classes: number;
  readonly weighted: boolean;
  readonly masked: boolean;
}

const UNIFORMS = { pixels: 'i32', ignore: 'i32', perTemperature: 'f32' } as const;

const readsOf = ({ weighted, masked }: Spec): Buffers['reads'] => ({
  logits: 'f32',
  labels: 'i32',
  ...(weighted ? { classWeights: 'f32' as const } : {}),
  ...(masked ? { keep: 'f32' as const } : {}),
});

const declare = (buffers: Buffers): string =>
  `${declareBuffers(buffers)}\n${declareUniforms(UNIFORMS, uniformBinding(buffers))}`;

const isValid = ({ classes }: Spec): string =>
  `fn isValid(label: i32) -> bool { return label >= 0 && label < ${classes} && label != u.ignore; }`;
const lossOf = (spec: Spec): string => `
${isValid(spec)}
fn lossOf(pixel: i32, label: i32) -> f32 {
  let first = pixel * ${spec.classes};
  ${exponentials(spec.classes, 'u.perTemperature')}
  var right = z0;
  ${perClass(spec.classes, (c) => `right = select(right, z${c}, label == ${c});`)}
  return log(sum) - (right - highest) * u.perTemperature;
}`;

const weightOf = ({ weighted, masked }: Spec): string => `
fn keepOf(pixel: i32) -> f32 { return ${masked ? 'keep[pixel]' : '1.0'}; }
fn weightOf(label: i32) -> f32 { return ${weighted ? 'classWeights[label]' : '1.0'}; }`;

const perPixel: ProgramFamily<Spec> = {
  name: 'pixelCrossEntropy',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({ reads: readsOf(spec), writes: { losses: 'f32' } })}
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
const partialSums: ProgramFamily<Spec> = {
  name: 'crossEntropyPartialSums',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({ reads: readsOf(spec), writes: { sums: 'vec4f' } })}
${lossOf(spec)}
${weightOf(spec)}
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

const FINISH_UNIFORMS = { groups: 'i32', pixels: 'i32' } as const;
const DIVISORS: Readonly<Record<CrossEntropyDivisor, string>> = {
  valid: 'all.y',
  kept: 'all.z',
  weights: 'all.w',
  pixels: 'f32(u.pixels)',
};

const finish: ProgramFamily<{ readonly divideBy: CrossEntropyDivisor }, keyof typeof FINISH_UNIFORMS> = {
  name: 'crossEntropyFinish',
  uniforms: FINISH_UNIFORMS,
  wgsl: ({ divideBy }) => {
    const buffers: Buffers = { reads: { sums: 'vec4f' }, writes: { loss: 'f32', perDivisor: 'f32' } };
    return `
${declareBuffers(buffers)}
${declareUniforms(FINISH_UNIFORMS, uniformBinding(buffers))}
${workgroupSum('total', 'vec4f')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = vec4f(0.0);
  for (var group = i32(thread); group < u.groups; group += ${WORKGROUP}) { sum += sums[group]; }
  let all = total(thread, sum);
  if (thread == 0u) {
    let count = ${DIVISORS[divideBy]};
    // With nothing to count the sum is 0 as well: 0 / 1.
    let divisor = select(count, 1.0, count == 0.0);
    loss[0] = all.x / divisor;
    perDivisor[0] = 1.0 / divisor;
  }
}`;
  },
};

type GradientSpec = Spec & { readonly mean: boolean };

// dz = (softmax - one-hot) * upstream / temperature; upstream per pixel, or one for all times the pixel's share of the mean.
const gradient: ProgramFamily<GradientSpec> = {
  name: 'crossEntropyGradient',
  uniforms: UNIFORMS,
  wgsl: (spec) => `
${declare({
  reads: { ...readsOf(spec), upstream: 'f32', ...(spec.mean ? { perDivisor: 'f32' } : {}) },
  writes: { dLogits: 'f32' },
})}
${isValid(spec)}
${weightOf(spec)}
${perElement(
  'u.pixels',
  `let label = labels[pixel];
  let first = pixel * ${spec.classes};
  ${exponentials(spec.classes, 'u.perTemperature')}
  var scale = 0.0;
  if (isValid(label)) {
    scale = u.perTemperature * ${spec.mean ? 'upstream[0] * perDivisor[0] * keepOf(pixel) * weightOf(label)' : 'upstream[pixel]'};
  }
  let share = scale / sum;
  ${perClass(spec.classes, (c) => `dLogits[first + ${c}] = share * e${c} - select(0.0, scale, label == ${c});`)}`,
  'pixel',
)}`,
};

const specOf = ({ logits, classWeights, keep }: CrossEntropyTerms): Spec => ({
  classes: logits.shape[3],
  weighted: classWeights !== null,
  masked: keep !== null,
});
const plainSpecOf = ({ logits }: CrossEntropyTerms): Spec => ({
  classes: logits.shape[3],
  weighted: false,
  masked: false,
});
const inputsOf = ({ logits, labels, classWeights, keep }: CrossEntropyTerms): tf.Tensor[] => [
  logits,
  labels,
  ...(classWeights === null ? [] : [classWeights]),
  ...(keep === null ? [] : [keep]),
];
const uniformsOf = ({ labels, ignore, temperature }: CrossEntropyTerms): Record<keyof typeof UNIFORMS, number> => ({
  pixels: labels.size,
  ignore,
  perTemperature: 1 / temperature,
});

/** Cross-entropy per pixel [batch, height, width]: one dispatch. */
export function pixelLosses(terms: CrossEntropyTerms): tf.Tensor3D {
  return runTensor({
    family: perPixel,
    spec: plainSpecOf(terms),
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
    spec: { divideBy },
    inputs: [sums],
    outputs: [{ shape: [] }, { shape: [] }],
    dispatches: [{ workgroups: [1, 1, 1], uniforms: { groups, pixels } }],
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
    spec: { ...(mean ? specOf(terms) : plainSpecOf(terms)), mean },
    inputs: mean ? [...inputsOf(terms), upstream, perDivisor] : [terms.logits, terms.labels, upstream],
    outputs: [{ shape: terms.logits.shape }],
    dispatches: [{ workgroups: workgroupsFor(terms.labels.size), uniforms: uniformsOf(terms) }],
  }) as tf.Tensor4D;
}
