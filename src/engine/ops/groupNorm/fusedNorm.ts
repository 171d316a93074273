// Normalisation, scale, shift, residual and activation on WebGPU: two dispatches either way. Group, instance and
// batch normalisation differ in what their statistics are taken over.
import { type Dispatch, isSoftwareDevice, maxStorageBuffers } from '../../gpu/program.ts';
import { ownBuffer, runTensor, runTensors } from '../../gpu/runTensors.ts';
import { workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { type FusedActivation, slopeOf } from '../core/fusedActivation.ts';
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
  const inputs = [norm.x, ...(norm.affine ?? []), ...(norm.residual === undefined ? [] : [norm.residual])];
  const [y, statistics] = forward(plan, norm);
  const run = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [x, ...affine] = args.slice(0, norm.affine === undefined ? 1 : 3) as [tf.Tensor, ...tf.Tensor[]];
    save([x, statistics, ...affine, ...(plan.mask === 'output' ? [y] : [])]);
    return { value: tf.clone(y), gradFunc: (dy, saved) => backward(plan, dy, saved as tf.Tensor[]) };
  });
  const recorded = run(...inputs) as tf.Tensor4D;
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
  readonly perLanes: Dispatch<NormUniform>[];
  /** One workgroup for every chunk, tile of whole groups and image. */
  readonly perTile: Dispatch<NormUniform>[];
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
    perLanes: [{ workgroups: [chunks, Math.ceil(channels / lanes), batch], uniforms }],
    perTile: [{ workgroups: [chunks, Math.ceil(channels / tile), batch], uniforms }],
  };
}

function forward(plan: Plan, { x, affine, residual, given, follow }: FusedNorm): [tf.Tensor4D, tf.Tensor2D] {
  const { threads, over, tile, shape } = plan;
  const moments = given === undefined ? momentsOf(plan, x) : undefined;
  const running = follow === undefined ? [] : [follow.mean, follow.variance];
  // One program for both, unless the running statistics take the room.
  const bound = residual ?? (follow === undefined ? x : undefined);
  for (const variable of running) ownBuffer(variable);
  const [y, statistics] = runTensors({
    family: normApply,
    spec: {
      ...{ threads, over, tile },
      affine: affine !== undefined,
      residual: bound !== undefined,
      follows: follow !== undefined,
    },
    inputs: [
      x,
      ...(moments === undefined ? (given ?? []) : [moments]),
      ...(affine ?? []),
      ...(bound === undefined ? [] : [bound]),
      ...running,
    ],
    outputs: [{ shape }, { shape: plan.statistics }],
    updates: running,
    dispatches: plan.perTile,
  });
  moments?.dispose();
  return [y, statistics] as [tf.Tensor4D, tf.Tensor2D];
}

function momentsOf({ threads, shape, chunks, perLanes }: Plan, x: tf.Tensor): tf.Tensor {
  return runTensor({
    family: normMoments,
    spec: { threads },
    inputs: [x],
    outputs: [{ shape: [shape[0], chunks, shape[3], 2] }],
    dispatches: perLanes,
  });
}

function backward(plan: Plan, dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const { threads, over, affine, tile, residual, mask, shape, chunks, uniforms } = plan;
  const [x, statistics, ...more] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const [gamma, beta] = affine ? more.splice(0, 2) : [];
  const affineInputs = [gamma, beta].filter((tensor) => tensor !== undefined);
  const [sums, masked] = runTensors({
    family: normGradientSums,
    spec: { threads, over, affine, mask },
    inputs: [x, dy, statistics, ...(mask === 'input' ? affineInputs : more)],
    outputs: [{ shape: [shape[0], chunks, shape[3], 2] }, ...(mask === 'output' ? [{ shape }] : [])],
    dispatches: plan.perLanes,
  }) as [tf.Tensor, tf.Tensor?];
  const writesAffine = affine && 7 + affineInputs.length <= maxStorageBuffers();
  const [dx, ...gradients] = runTensors({
    family: normGradient,
    spec: { threads, over, affine, tile, writesAffine },
    inputs: [x, masked ?? dy, statistics, ...(over === 'given' && !writesAffine ? [] : [sums]), ...affineInputs],
    outputs: [{ shape }, ...(writesAffine ? [{ shape: [shape[3]] }, { shape: [shape[3]] }] : [])],
    dispatches: plan.perTile.map((dispatch) => ({
      ...dispatch,
      uniforms: masked === undefined ? uniforms : { ...uniforms, slope: 1 },
    })),
  });
  const dAffine = affine && !writesAffine ? affineGradient(plan, sums) : gradients;
  return [dx, ...dAffine, ...(residual ? [masked ?? tf.clone(dy)] : [])] as tf.Tensor[];
}

function affineGradient({ threads, shape, uniforms }: Plan, sums: tf.Tensor): tf.Tensor[] {
  return runTensors({
    family: normAffineGradient,
    spec: { threads },
    inputs: [sums],
    outputs: [{ shape: [shape[3]] }, { shape: [shape[3]] }],
    dispatches: [{ workgroups: workgroupsFor(shape[3]), uniforms }],
  });
}
