// A discriminator's scores against the domains they come from, on WebGPU: loss and shares of right answers in one dispatch,
// the gradient in another. Score maps are small (32 to a few thousand), so one workgroup adds them up.
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement, WORKGROUP, workgroupSum } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import type { DomainScores, GanLoss } from './domainScores.ts';

/** Scores before `border` should be 0, the others 1; either kind counts with a weight of its own. */
const UNIFORMS = { count: 'i32', border: 'i32', weight0: 'f32', weight1: 'f32' } as const;
type Spec = { readonly kind: GanLoss };

// With e = exp(-|x|): log(1 + e) by its series where 1 + e would round e away.
const LOSS: Readonly<Record<GanLoss, string>> = {
  bce: `
fn lossOf(x: f32, label: f32) -> f32 {
  let e = exp(-abs(x));
  return max(x, 0.0) - x * label + select(log(1.0 + e), e * (1.0 - 0.5 * e), e < 1e-3);
}
fn slopeOf(x: f32, label: f32) -> f32 {
  let e = exp(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e) - label;
}`,
  lsgan: `
fn lossOf(x: f32, label: f32) -> f32 { return (x - label) * (x - label); }
fn slopeOf(x: f32, label: f32) -> f32 { return 2.0 * (x - label); }`,
};
const MIDDLE: Readonly<Record<GanLoss, string>> = { bce: '0.0', lsgan: '0.5' };

const judgement = defineKernel({
  name: 'domainLoss',
  uniforms: UNIFORMS,
  inputs: { scores: 'f32' },
  outputs: { loss: 'f32', right0: 'f32', right1: 'f32' },
  wgsl: ({ kind }: Spec) => `${LOSS[kind]}
${workgroupSum('total', 'vec4f')}
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = vec4f(0.0);
  for (var i = i32(thread); i < u.count; i += ${WORKGROUP}) {
    let x = scores[i];
    if (i < u.border) {
      sum += vec4f(u.weight0 * lossOf(x, 0.0), select(0.0, 1.0, x < ${MIDDLE[kind]}), 0.0, 0.0);
    } else {
      sum += vec4f(u.weight1 * lossOf(x, 1.0), 0.0, select(0.0, 1.0, x > ${MIDDLE[kind]}), 0.0);
    }
  }
  let all = total(thread, sum);
  if (thread == 0u) {
    loss[0] = all.x;
    right0[0] = all.y / f32(max(u.border, 1));
    right1[0] = all.z / f32(max(u.count - u.border, 1));
  }
}`,
});

const slopes = defineKernel({
  name: 'domainLossGradient',
  uniforms: UNIFORMS,
  inputs: { scores: 'f32', upstream: 'f32' },
  outputs: { dScores: 'f32' },
  wgsl: ({ kind }: Spec) => `${LOSS[kind]}
${perElement(
  'u.count',
  `let isFirst = index < u.border;
  let weight = select(u.weight1, u.weight0, isFirst);
  dScores[index] = upstream[0] * weight * slopeOf(scores[index], select(1.0, 0.0, isFirst));`,
)}`,
});

const uniformsOf = ({ scores, zeros, weights }: DomainScores) => ({
  count: scores.size,
  border: zeros,
  weight0: weights[0],
  weight1: weights[1],
});

/** Loss, and the shares of right answers among the zeros and the ones (0 where there are none): one dispatch. */
export function judge(kind: GanLoss, scores: DomainScores) {
  return judgement.run({
    spec: { kind },
    inputs: { scores: scores.scores },
    outputs: { loss: [], right0: [], right1: [] },
    workgroups: [1, 1, 1],
    uniforms: uniformsOf(scores),
  });
}

/** Gradient of the loss to the scores: one dispatch. */
export function judgementGradient(kind: GanLoss, scores: DomainScores, upstream: tf.Tensor): tf.Tensor {
  const { dScores } = slopes.run({
    spec: { kind },
    inputs: { scores: scores.scores, upstream },
    outputs: { dScores: scores.scores.shape },
    threads: scores.scores.size,
    uniforms: uniformsOf(scores),
  });
  return dScores;
}
