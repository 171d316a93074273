// Batch normalisation (Ioffe and Szegedy 2015) with PyTorch's conventions: momentum 0.1 is the share of the new batch,
// the running variance takes the unbiased batch variance, the normalisation the biased one.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { activated, type FusedActivation } from '../fusedActivation.ts';
import { fusedNorm, fusedNormOnly } from '../groupNorm/fusedNorm.ts';
import { standardise, statistics } from '../groupNorm/standardise.ts';
import { followStatistics } from './followStatistics.ts';

/**
 * `frozen` always normalises with running statistics. `adaptsegnet` and `train` normalise with the batch's in training
 * and update the running ones; they differ in what the optimiser is given: AdaptSegNet's published script leaves gamma
 * and beta untrained, yet its layers follow every batch, source and target.
 */
export type BatchNormMode = 'frozen' | 'adaptsegnet' | 'train';

export interface BatchNormState {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly runningMean: tf.Tensor1D;
  readonly runningVariance: tf.Tensor1D;
}
export interface BatchNormOptions {
  readonly mode: BatchNormMode;
  readonly training: boolean;
  readonly momentum?: number;
  readonly epsilon?: number;
  /** Added before the activation; of the shape of `x`. */
  readonly residual?: tf.Tensor4D;
  readonly activation?: FusedActivation;
}
export interface BatchNormResult {
  readonly y: tf.Tensor4D;
  /** New tensors where the statistics were updated, else the ones that came in; the caller assigns them. */
  readonly runningMean: tf.Tensor1D;
  readonly runningVariance: tf.Tensor1D;
}

/** Normalises `x` [batch, height, width, channels] and applies scale, shift, residual and activation. Gradients flow to gamma and beta in every mode; whoever freezes them does not train them. */
export function batchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): BatchNormResult {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'batchNorm x');
  for (const [name, value] of Object.entries(state)) assertShape(value, ['channels'], `batchNorm ${name}`, sizes);
  if (options.residual !== undefined) assertShape(options.residual, x.shape, 'batchNorm residual');
  return canRunPrograms() ? fusedBatchNorm(x, state, options) : composedBatchNorm(x, state, options);
}

const usesRunning = ({ mode, training }: BatchNormOptions): boolean => mode === 'frozen' || !training;

function fusedBatchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): BatchNormResult {
  const { gamma, beta, runningMean, runningVariance } = state;
  const { momentum = 0.1, epsilon = 1e-5, residual, activation = 'none' } = options;
  const norm = { x, gamma, beta, residual, activation, groupChannels: 1, epsilon };
  if (usesRunning(options)) {
    const y = fusedNormOnly({ ...norm, over: 'given', given: [runningMean, runningVariance] });
    return { y, runningMean, runningVariance };
  }
  const { y, statistics } = fusedNorm({ ...norm, over: 'batch' });
  const followed = followStatistics(state, statistics, { momentum, count: x.size / x.shape[3] });
  statistics.dispose();
  return { y, ...followed };
}

function composedBatchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): BatchNormResult {
  const { gamma, beta, runningMean, runningVariance } = state;
  const { momentum = 0.1, epsilon = 1e-5, residual, activation = 'none' } = options;
  if (usesRunning(options)) {
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(runningVariance, epsilon)));
    const y = tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(runningMean, scale))) as tf.Tensor4D;
    return { y: activated(y, activation, residual), runningMean, runningVariance };
  }
  const y = tf.add(tf.mul(standardise(x, [0, 1, 2], epsilon), gamma), beta) as tf.Tensor4D;
  const { mean, variance } = statistics(x, [0, 1, 2]);
  const count = x.size / x.shape[3];
  const follow = (running: tf.Tensor1D, batch: tf.Tensor, factor: number): tf.Tensor1D =>
    tf.add(tf.mul(running, 1 - momentum), tf.mul(tf.reshape(batch, [x.shape[3]]), momentum * factor));
  return {
    y: activated(y, activation, residual),
    runningMean: follow(runningMean, mean, 1),
    runningVariance: follow(runningVariance, variance, count / Math.max(1, count - 1)),
  };
}
