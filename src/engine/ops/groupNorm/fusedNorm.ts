// Normalisation, scale, shift, residual and activation on WebGPU: two dispatches either way. Group, instance and
// batch normalisation differ in what their statistics are taken over.
import { type Dispatch, isSoftwareDevice, maxStorageBuffers } from '../../gpu/program.ts';
import { ownBuffer } from '../../gpu/tensorMemory.ts';
import * as tf from '../../tf.ts';
import { type FusedActivation, slopeOf } from '../core/fusedActivation.ts';
import { withGradient } from '../core/withGradient.ts';
import { type MaskFrom, normAffineGradient, normGradient, normGradientSums } from './normGradientKernels.ts';
import { NORM_THREADS, type NormUniform, normApply, normMoments, type StatisticsOver } from './normKernels.ts';

export interface FusedNorm {
  readonly x: tf.Tensor4D;
  /** Scale and shift [channels], where there are any. */
  readonly affine: readonly [gamma: tf.Tensor1D, beta: tf.Tensor1D] | undefined;
  readonly residual: tf.Tensor4D | undefined;
  readonly activation: FusedActivation;
  readonly over: StatisticsOver;
  /** Channels that share statistics. */
  readonly groupChannels: number;
  readonly epsilon: number;
  /** Mean and variance [channels] where `over` is `given`. */
  readonly given?: readonly [mean: tf.Tensor, variance: tf.Tensor];
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
  const inputs = [norm.x, ...(norm.affine ?? []), ...(norm.residual === undefined ? [] : [norm.residual])];
  const { y, statistics } = forward(plan, norm);
  const [gamma = null, beta = null] = norm.affine ?? [];
  const recorded = withGradient(
    inputs,
    () => ({
      value: tf.clone(y),
      kept: { x: norm.x, statistics, gamma, beta, y: plan.mask === 'output' ? y : null },
    }),
    (dy, kept) => backward(plan, dy, kept),
  );
  y.dispose();
  statistics.dispose();
  return recorded;
}

interface Plan {
  readonly threads: number;
  readonly over: StatisticsOver;
  readonly affine: boolean;
  /** Room for a tile, in few sizes, so that layers share pipelines. */
  readonly tile: number;
  readonly residual: boolean;
  readonly mask: MaskFrom;
  readonly shape: [number, number, number, number];
  readonly statistics: [number, number];
  readonly chunks: number;
  readonly uniforms: Readonly<Record<NormUniform, number>>;
  /** One workgroup for every chunk, `lanes` channels and image. */
  readonly perLanes: Dispatch<NormUniform>;
  /** One workgroup for every chunk, tile of whole groups and image. */
  readonly perTile: Dispatch<NormUniform>;
}

const MAX_LANES = 64;
const MAX_CHUNKS = 256;

function planOf({ x, affine, residual, activation, over, groupChannels, epsilon, follow }: FusedNorm): Plan {
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  const threads = NORM_THREADS[isSoftwareDevice() ? 'software' : 'hardware'];
  const lanes = Math.min(channels, MAX_LANES, threads);
  const tile = Math.min(channels, groupChannels * Math.max(1, Math.floor(MAX_LANES / groupChannels)));
  // Merging costs a workgroup `chunks` loads for each channel, its own work `chunk` of them: balanced at the square root.
  const merged = over === 'batch' ? batch : 1;
  const wanted = Math.min(MAX_CHUNKS, Math.max(1, Math.round(Math.sqrt(pixels / (8 * merged)))));
  const chunk = Math.ceil(pixels / wanted);
  const chunks = Math.ceil(pixels / chunk);
  const slope = slopeOf(activation);
  const mask: MaskFrom = slope === 1 ? 'none' : residual === undefined ? 'input' : 'output';
  const rows = Math.floor(threads / lanes);
  const count = batch * pixels;
  const uniforms = {
    ...{ batch, pixels, channels, chunk, chunks, groupChannels, lanes, rows, tile, epsilon, slope },
    momentum: follow?.momentum ?? 0,
    unbiased: count / Math.max(1, count - 1),
    adds: residual === undefined ? 0 : 1,
  };
  return {
    threads,
    over,
    affine: affine !== undefined,
    tile: MAX_LANES * 2 ** Math.ceil(Math.log2(Math.max(1, tile / MAX_LANES))),
    residual: residual !== undefined,
    mask,
    shape: x.shape,
    statistics: [over === 'image' ? (batch * channels) / groupChannels : channels, 2],
    chunks,
    uniforms,
    perLanes: { workgroups: [chunks, Math.ceil(channels / lanes), batch], uniforms },
    perTile: { workgroups: [chunks, Math.ceil(channels / tile), batch], uniforms },
  };
}

function forward(plan: Plan, { x, affine, residual, given, follow }: FusedNorm) {
  const { threads, over, tile, shape } = plan;
  const moments = given === undefined ? momentsOf(plan, x) : null;
  // One program for both, unless the running statistics take the room.
  const bound = residual ?? (follow === undefined ? x : null);
  const updates = follow && { runningMean: follow.mean, runningVariance: follow.variance };
  for (const variable of Object.values(updates ?? {})) ownBuffer(variable);
  const result = normApply.run({
    spec: {
      ...{ threads, over, tile },
      affine: affine !== undefined,
      residual: bound !== null,
      follows: follow !== undefined,
    },
    inputs: {
      ...{ x, moments, residual: bound },
      ...{ runningMean: given?.[0], runningVariance: given?.[1] },
      ...{ gamma: affine?.[0], beta: affine?.[1] },
    },
    updates: updates ?? {},
    outputs: { y: shape, statistics: plan.statistics },
    ...plan.perTile,
  });
  moments?.dispose();
  return result;
}

function momentsOf({ threads, shape, chunks, perLanes }: Plan, x: tf.Tensor): tf.Tensor {
  const outputs = { moments: [shape[0], chunks, shape[3], 2] } as const;
  return normMoments.run({ spec: { threads }, inputs: { x }, outputs, ...perLanes }).moments;
}

interface Kept {
  readonly x: tf.Tensor4D;
  readonly statistics: tf.Tensor2D;
  readonly gamma: tf.Tensor1D | null;
  readonly beta: tf.Tensor1D | null;
  /** Where its sign is that before the activation. */
  readonly y: tf.Tensor4D | null;
}

function backward(plan: Plan, dy: tf.Tensor4D, { y, ...kept }: Kept): tf.Tensor[] {
  const { threads, over, affine, tile, residual, mask, shape, chunks, uniforms } = plan;
  const isMasked = mask === 'output';
  const { sums, masked } = normGradientSums.run({
    spec: { threads, over, affine, mask },
    inputs: { ...kept, dy, y },
    outputs: { sums: [shape[0], chunks, shape[3], 2], ...(isMasked ? { masked: shape } : {}) },
    ...plan.perLanes,
  });
  const writesAffine = affine && 9 <= maxStorageBuffers();
  const gradient = normGradient.run({
    spec: { threads, over, affine, tile, writesAffine },
    inputs: { ...kept, dy: masked ?? dy, sums },
    outputs: { dx: shape, ...(writesAffine ? { dGamma: [shape[3]], dBeta: [shape[3]] } : {}) },
    workgroups: plan.perTile.workgroups,
    uniforms: isMasked ? { ...uniforms, slope: 1 } : uniforms,
  });
  const { dGamma, dBeta } = affine && !writesAffine ? affineGradient(plan, sums) : gradient;
  const dResidual = residual ? [masked ?? tf.clone(dy)] : [];
  return [gradient.dx, ...[dGamma, dBeta].filter((found) => found !== undefined), ...dResidual];
}

function affineGradient({ threads, shape, uniforms }: Plan, sums: tf.Tensor) {
  const [, , , channels] = shape;
  const outputs = { dGamma: [channels], dBeta: [channels] } as const;
  return normAffineGradient.run({ spec: { threads }, inputs: { sums }, outputs, threads: channels, uniforms });
}
