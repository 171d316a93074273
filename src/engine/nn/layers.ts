// The layers that the networks are put together from: closures over their parameters, named as in PyTorch.
// The arithmetic is in engine/ops; the order of layers is in engine/networks.

import { type BatchNormMode, batchNorm } from '../ops/batchNorm/batchNorm.ts';
import { concatChannels } from '../ops/concatChannels/concatChannels.ts';
import { conv2d } from '../ops/conv2d/conv2d.ts';
import type { FusedActivation } from '../ops/core/fusedActivation.ts';
import { type ConvGeometry, convOutputSize, type PadMode, resolveConv } from '../ops/core/geometry.ts';
import { groupNorm } from '../ops/groupNorm/groupNorm.ts';
import * as tf from '../tf.ts';
import { constant, type Initialiser, type ParameterScope, uniformByFanIn } from './parameters.ts';

/**
 * Whether batch statistics may be used and updated. `recompute` gives what `train` gave a moment ago, bit for bit, without
 * moving running statistics a second time: for gradient check-pointing (Chen et al. 2016). `adapt` follows the batch in every
 * mode of batch normalisation, `frozen` too: for AdaBN (Li et al. 2018).
 */
export type Phase = 'train' | 'evaluate' | 'recompute' | 'adapt';

/** [batch, height, width, channels] to the same rank. Pure but for running statistics in the phases `train` and `adapt`. */
export type Layer = (x: tf.Tensor4D, phase: Phase) => tf.Tensor4D;

/** The layers one after the other. */
export function sequence(...layers: readonly Layer[]): Layer {
  return (x, phase) => layers.reduce((value, layer) => layer(value, phase), x);
}

export interface ConvolutionOptions {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly dilation?: number;
  /** dilation * floor(kernel / 2) unless said: `same` for stride 1. */
  readonly padding?: number;
  /** Zeros unless said. */
  readonly padMode?: PadMode;
  readonly bias?: boolean;
  /** Computed in the same pass; none unless said. */
  readonly activation?: FusedActivation;
  /** Start of the weights; PyTorch's default otherwise. */
  readonly start?: Initialiser;
  /** Start of the bias; PyTorch's default otherwise. */
  readonly biasStart?: Initialiser;
  /** False leaves its arrays to whoever imports them. */
  readonly trainable?: boolean;
}

/** A convolution: `weight`, and `bias` if asked for; then the activation. */
export function convolution(scope: ParameterScope, options: ConvolutionOptions): Layer {
  const {
    from,
    to,
    kernel,
    stride = 1,
    dilation = 1,
    padMode = 'zero',
    activation = 'none',
    trainable = true,
  } = options;
  const fanIn = kernel * kernel * from;
  const { bias = false, start = uniformByFanIn(fanIn), biasStart = uniformByFanIn(fanIn) } = options;
  const filter = scope.weight('weight', [kernel, kernel, from, to], start, trainable);
  const offset = bias ? scope.weight('bias', [to], biasStart, trainable) : undefined;
  const padding = options.padding ?? dilation * Math.floor(kernel / 2);
  const geometry = { stride, dilation, padding };
  return (x) => {
    const y = scope.isHollow
      ? hollowConvolution(x, options, geometry)
      : conv2d(x, filter, {
          ...geometry,
          padMode,
          activation,
          ...(offset === undefined ? {} : { bias: offset }),
        });
    scope.observe?.({ name: scope.prefix.slice(0, -1), flops: 2 * fanIn * to * y.shape[1] * y.shape[2] });
    return y;
  };
}

/** Zeros of the shape that the convolution gives. */
function hollowConvolution(
  { shape: [batch, height, width] }: tf.Tensor4D,
  { to, kernel }: ConvolutionOptions,
  geometry: ConvGeometry,
): tf.Tensor4D {
  return tf.zeros([batch, ...convOutputSize([height, width], [kernel, kernel], resolveConv(geometry)), to]);
}

/** A layer that adds `residual` before its activation. */
export type ResidualLayer = (x: tf.Tensor4D, phase: Phase, residual?: tf.Tensor4D) => tf.Tensor4D;

/**
 * Group normalisation (Wu & He 2018) in groups of 8 channels: independent of the batch, and so of the mix of domains in it.
 * Residual and activation are part of the operation, which computes them in the same pass.
 */
export function groupNormalisation(
  scope: ParameterScope,
  channels: number,
  activation: FusedActivation = 'none',
): ResidualLayer {
  const gamma = scope.weight('weight', [channels], constant(1));
  const beta = scope.weight('bias', [channels], constant(0));
  const groups = Math.max(1, Math.floor(channels / 8));
  return (x, _, residual) =>
    scope.isHollow
      ? tf.clone(x)
      : groupNorm(x, { groups, gamma, beta, activation, ...(residual === undefined ? {} : { residual }) });
}

/**
 * Batch normalisation with running statistics under PyTorch's names. `mode` says what training does to them; it leaves scale
 * and shift alone in every mode but `train`.
 */
export function batchNormalisation(
  scope: ParameterScope,
  channels: number,
  mode: BatchNormMode,
  activation: FusedActivation = 'none',
): ResidualLayer {
  const gamma = scope.weight('weight', [channels], constant(1), mode === 'train');
  const beta = scope.weight('bias', [channels], constant(0), mode === 'train');
  const runningMean = scope.statistic('running_mean', [channels], constant(0));
  const runningVariance = scope.statistic('running_var', [channels], constant(1));
  const state = { gamma, beta, runningMean, runningVariance };
  return (x, phase, residual) =>
    scope.isHollow
      ? tf.clone(x)
      : batchNorm(x, state, {
          mode: phase === 'adapt' ? 'train' : mode,
          training: phase !== 'evaluate',
          follow: phase === 'train' || phase === 'adapt',
          activation,
          ...(residual === undefined ? {} : { residual }),
        });
}

/** Convolution without bias (`0`), group normalisation (`1`), ReLU. */
export function convNormRelu(scope: ParameterScope, options: Omit<ConvolutionOptions, 'bias'>): Layer {
  const convolve = convolution(scope.child(0), options);
  const normalise = groupNormalisation(scope.child(1), options.to, 'relu');
  return (x, phase) => normalise(convolve(x, phase), phase);
}

export interface BottleneckOptions {
  readonly channels: number;
  readonly middle: number;
  readonly dilation: number;
}

/** Residual bottleneck 1x1, 3x3 dilated, 1x1 (He et al. 2016): parts `a`, `b`, `c` and the last normalisation `n`. */
export function bottleneck(scope: ParameterScope, { channels, middle, dilation }: BottleneckOptions): Layer {
  const branch = sequence(
    convNormRelu(scope.child('a'), { from: channels, to: middle, kernel: 1 }),
    convNormRelu(scope.child('b'), { from: middle, to: middle, kernel: 3, dilation }),
    convolution(scope.child('c'), { from: middle, to: channels, kernel: 1 }),
  );
  const normalise = groupNormalisation(scope.child('n'), channels, 'relu');
  return (x, phase) => normalise(branch(x, phase), phase, x);
}

export interface AsppOptions {
  readonly from: number;
  /** Channels of each branch. */
  readonly branch: number;
  /** Dilations of the 3x3 branches; a 1x1 branch comes first. */
  readonly rates: readonly number[];
}

/** Atrous spatial pyramid pooling (Chen et al. 2018), branches normalised and concatenated: parts `0` (1x1), `1`... (3x3). */
export function asppConcat(scope: ParameterScope, { from, branch, rates }: AsppOptions): Layer {
  const branches = [
    convNormRelu(scope.child(0), { from, to: branch, kernel: 1 }),
    ...rates.map((dilation, i) => convNormRelu(scope.child(i + 1), { from, to: branch, kernel: 3, dilation })),
  ];
  return (x, phase) => concatChannels(branches.map((layer) => layer(x, phase)));
}

export interface AsppSumOptions {
  readonly from: number;
  readonly classes: number;
  readonly rates: readonly number[];
  readonly start: Initialiser;
  /** How many branches count, from the first. The others have their arrays, which stay as they are; all unless said. */
  readonly counted?: number;
}

/** The classifier of DeepLab v2 ("ASPP-L"): dilated 3x3 convolutions to class scores, summed; parts `conv2d_list.0`... */
export function asppSum(scope: ParameterScope, options: AsppSumOptions): Layer {
  const { from, classes, rates, start, counted = rates.length } = options;
  const shape = { from, to: classes, kernel: 3, bias: true, start };
  const branches = rates.map((dilation, i) =>
    convolution(scope.child('conv2d_list').child(i), { ...shape, dilation, trainable: i < counted }),
  );
  return (x, phase) => tf.addN(branches.slice(0, counted).map((layer) => layer(x, phase)));
}
