// Batch normalisation (Ioffe and Szegedy 2015) with PyTorch's conventions: momentum 0.1 is the share of the new batch,
// the running variance takes the unbiased batch variance, the normalisation the biased one.
import { canRunPrograms, maxStorageBuffers } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { activated, type FusedActivation } from '../core/fusedActivation.ts';
import { type FusedNorm, fusedNorm, normBindings } from '../groupNorm/fusedNorm.ts';
import { standardise, statistics } from '../groupNorm/standardise.ts';

/**
 * `frozen` always normalises with running statistics. `adaptsegnet` and `train` normalise with the batch's in training
 * and update the running ones; they differ in what the optimiser is given: AdaptSegNet's published script leaves gamma
 * and beta untrained, yet its layers follow every batch, source and target.
 */
export const BATCH_NORM_MODES = ['frozen', 'adaptsegnet', 'train'] as const;
export type BatchNormMode = (typeof BATCH_NORM_MODES)[number];

export interface BatchNormState {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly runningMean: tf.Variable;
  readonly runningVariance: tf.Variable;
}
export interface BatchNormOptions {
  readonly mode: BatchNormMode;
  readonly training: boolean;
  /** False for a forward pass that is made a second time (check-pointing): as in training, but running statistics stay. */
  readonly follow?: boolean;
  readonly momentum?: number;
  readonly epsilon?: number;
  /** Added before the activation; of the shape of `x`. */
  readonly residual?: tf.Tensor4D;
  readonly activation?: FusedActivation;
}

/**
 * Normalises `x` [batch, height, width, channels] and applies scale, shift, residual and activation. Training moves the
 * running statistics [channels] in place; on WebGPU they keep their buffers. Gradients flow to gamma and beta in every
 * mode; whoever freezes them does not train them.
 */
export function batchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'batchNorm x');
  for (const [name, value] of Object.entries(state)) assertShape(value, ['channels'], `batchNorm ${name}`, sizes);
  if (options.residual !== undefined) assertShape(options.residual, x.shape, 'batchNorm residual');
  return canRunPrograms() ? fusedBatchNorm(x, state, options) : composedBatchNorm(x, state, options);
}

const usesRunning = ({ mode, training }: BatchNormOptions): boolean => mode === 'frozen' || !training;

function fusedBatchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): tf.Tensor4D {
  const { gamma, beta, runningMean, runningVariance } = state;
  const { follow = true, momentum = 0.1, epsilon = 1e-5, residual, activation = 'none' } = options;
  const norm = { x, affine: [gamma, beta] as const, groupChannels: 1, epsilon };
  const source: Pick<FusedNorm, 'over' | 'given' | 'follow'> = usesRunning(options)
    ? { over: 'given', given: [runningMean, runningVariance] }
    : {
        over: 'batch',
        ...(follow ? { follow: { mean: runningMean, variance: runningVariance, momentum } } : {}),
      };
  // A device may bind as few as 8 buffers.
  if (normBindings({ ...source, residual }) > maxStorageBuffers()) {
    return activated(fusedNorm({ ...norm, ...source, residual: undefined, activation: 'none' }), activation, residual);
  }
  return fusedNorm({ ...norm, ...source, residual, activation });
}

function composedBatchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): tf.Tensor4D {
  const { gamma, beta, runningMean, runningVariance } = state;
  const { follow = true, momentum = 0.1, epsilon = 1e-5, residual, activation = 'none' } = options;
  if (usesRunning(options)) {
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(runningVariance, epsilon)));
    const y = tf.add<tf.Tensor4D>(tf.mul(x, scale), tf.sub(beta, tf.mul(runningMean, scale)));
    return activated(y, activation, residual);
  }
  const y = tf.add<tf.Tensor4D>(tf.mul(standardise(x, [0, 1, 2], epsilon), gamma), beta);
  if (follow) followBatch(x, state, momentum);
  return activated(y, activation, residual);
}

function followBatch(x: tf.Tensor4D, { runningMean, runningVariance }: BatchNormState, momentum: number): void {
  tf.tidy(() => {
    const { mean, variance } = statistics(x, [0, 1, 2]);
    const count = x.size / x.shape[3];
    const move = (running: tf.Variable, batch: tf.Tensor, share: number): void =>
      running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(tf.reshape(batch, running.shape), share)));
    move(runningMean, mean, momentum);
    move(runningVariance, variance, (momentum * count) / Math.max(1, count - 1));
  });
}
