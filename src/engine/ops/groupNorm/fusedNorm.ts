// Normalisation, scale, shift, residual and activation on WebGPU: two dispatches forward, three back. Group, instance and
// batch normalisation differ in what their statistics are taken over.
import type { Dispatch } from '../../gpu/program.ts';
import { ownBuffer, runTensor, runTensors } from '../../gpu/runTensors.ts';
import { workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { type FusedActivation, slopeOf } from '../fusedActivation.ts';
import {
  type MaskFrom,
  type NormSpec,
  type NormUniform,
  normAffineGradient,
  normApply,
  normGradient,
  normGradientSums,
  normMoments,
  type StatisticsOver,
} from './normKernels.ts';

export interface FusedNorm {
  readonly x: tf.Tensor4D;
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly residual: tf.Tensor4D | undefined;
  readonly activation: FusedActivation;
  readonly over: StatisticsOver;
  /** Channels that share statistics. */
  readonly groupChannels: number;
  readonly epsilon: number;
  /** Mean and variance [channels] where `over` is `given`. */
  readonly given?: readonly [mean: tf.Tensor1D, variance: tf.Tensor1D];
  /** Running statistics that follow where `over` is `batch`: updated in place by the forward pass. */
  readonly follow?: RunningStatistics;
}
export interface RunningStatistics {
  readonly mean: tf.Variable;
  readonly variance: tf.Variable;
  /** Share of the new batch, whose variance is taken unbiased. */
  readonly momentum: number;
}

/** Storage buffers that the forward pass binds. */
export function normBindings({ given, follow, residual }: Pick<FusedNorm, 'given' | 'follow' | 'residual'>): number {
  return 6 + (given === undefined ? 0 : 1) + (follow === undefined ? 0 : 2) + (residual === undefined ? 0 : 1);
}

/** Normalises with a gradient to x, gamma, beta and residual. */
export function fusedNorm(norm: FusedNorm): tf.Tensor4D {
  const plan = planOf(norm);
  const inputs = [norm.x, norm.gamma, norm.beta, ...(norm.residual === undefined ? [] : [norm.residual])];
  const [y, statistics] = forward(plan, norm);
  const run = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [x, gamma, beta] = args as [tf.Tensor, tf.Tensor, tf.Tensor];
    save([x, gamma, beta, statistics, ...(plan.spec.mask === 'output' ? [y] : [])]);
    return { value: tf.clone(y), gradFunc: (dy, saved) => backward(plan, dy, saved as tf.Tensor[]) };
  });
  const recorded = run(...inputs) as tf.Tensor4D;
  y.dispose();
  statistics.dispose();
  return recorded;
}

interface Plan {
  readonly spec: NormSpec;
  readonly shape: [number, number, number, number];
  readonly statistics: [number, number];
  readonly chunks: number;
  readonly uniforms: Readonly<Record<NormUniform, number>>;
  /** One workgroup for every chunk, `lanes` channels and image. */
  readonly perLanes: Dispatch<NormUniform>[];
  /** One workgroup for every chunk, tile of whole groups and image. */
  readonly perTile: Dispatch<NormUniform>[];
}

const MAX_LANES = 64;
const MAX_CHUNKS = 256;

function planOf({ x, residual, activation, over, groupChannels, epsilon, follow }: FusedNorm): Plan {
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  const lanes = Math.min(channels, MAX_LANES);
  const tile = Math.min(channels, groupChannels * Math.max(1, Math.floor(MAX_LANES / groupChannels)));
  // Merging costs a workgroup `chunks` loads for each channel, its own work `chunk` of them: balanced at the square root.
  const merged = over === 'batch' ? batch : 1;
  const wanted = Math.min(MAX_CHUNKS, Math.max(1, Math.round(Math.sqrt(pixels / (8 * merged)))));
  const chunk = Math.ceil(pixels / wanted);
  const chunks = Math.ceil(pixels / chunk);
  const slope = slopeOf(activation);
  const mask: MaskFrom = slope === 1 ? 'none' : residual === undefined ? 'input' : 'output';
  const count = batch * pixels;
  const uniforms = {
    ...{ batch, pixels, channels, chunk, chunks, groupChannels, epsilon, slope },
    momentum: follow?.momentum ?? 0,
    unbiased: count / Math.max(1, count - 1),
  };
  return {
    spec: { over, lanes, tile, residual: residual !== undefined, follows: follow !== undefined, mask },
    shape: x.shape,
    statistics: [over === 'image' ? (batch * channels) / groupChannels : channels, 2],
    chunks,
    uniforms,
    perLanes: [{ workgroups: [chunks, Math.ceil(channels / lanes), batch], uniforms }],
    perTile: [{ workgroups: [chunks, Math.ceil(channels / tile), batch], uniforms }],
  };
}

function forward(plan: Plan, { x, gamma, beta, residual, given, follow }: FusedNorm): [tf.Tensor4D, tf.Tensor2D] {
  const { spec, shape } = plan;
  const moments = given === undefined ? momentsOf(plan, x) : undefined;
  const running = follow === undefined ? [] : [follow.mean, follow.variance];
  for (const variable of running) ownBuffer(variable);
  const [y, statistics] = runTensors({
    family: normApply,
    spec: { ...spec, mask: 'none' },
    inputs: [
      x,
      ...(moments === undefined ? (given ?? []) : [moments]),
      ...[gamma, beta],
      ...(residual === undefined ? [] : [residual]),
      ...running,
    ],
    outputs: [{ shape }, { shape: plan.statistics }],
    updates: running,
    dispatches: plan.perTile,
  });
  moments?.dispose();
  return [y, statistics] as [tf.Tensor4D, tf.Tensor2D];
}

function momentsOf({ spec, shape, chunks, perLanes }: Plan, x: tf.Tensor): tf.Tensor {
  return runTensor({
    family: normMoments,
    // Only what its text depends on, so that layers share the pipeline.
    spec: { ...spec, over: 'image', tile: 0, residual: false, follows: false, mask: 'none' },
    inputs: [x],
    outputs: [{ shape: [shape[0], chunks, shape[3], 2] }],
    dispatches: perLanes,
  });
}

function backward(plan: Plan, dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const { spec, shape, chunks } = plan;
  const [x, gamma, beta, statistics, ...maskTensors] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const sums = runTensor({
    family: normGradientSums,
    spec: { ...spec, tile: 0, residual: false, follows: false },
    inputs: [x, dy, statistics, ...(spec.mask === 'input' ? [gamma, beta] : maskTensors)],
    outputs: [{ shape: [shape[0], chunks, shape[3], 2] }],
    dispatches: plan.perLanes,
  });
  const [dx, dResidual] = runTensors({
    family: normGradient,
    spec: { ...spec, follows: false },
    inputs: [
      ...[x, dy, statistics],
      ...(spec.over === 'given' ? [] : [sums]),
      ...(spec.mask === 'input' ? [gamma, beta] : [gamma, ...maskTensors]),
    ],
    outputs: spec.residual ? [{ shape }, { shape }] : [{ shape }],
    dispatches: plan.perTile,
  });
  const [dGamma, dBeta] = runTensors({
    family: normAffineGradient,
    spec: { ...spec, over: 'image', lanes: 0, tile: 0, residual: false, follows: false, mask: 'none' },
    inputs: [sums],
    outputs: [{ shape: [shape[3]] }, { shape: [shape[3]] }],
    dispatches: [{ workgroups: workgroupsFor(shape[3]), uniforms: plan.uniforms }],
  });
  return [dx, dGamma, dBeta, ...(dResidual === undefined ? [] : [dResidual])] as tf.Tensor[];
}
