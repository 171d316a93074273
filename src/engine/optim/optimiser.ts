// Optimisers as state: their parameters, and slot variables that run along all of them, updated in place.
// The update arithmetic is in engine/ops/optimise; rates and corrections come as scalar tensors from a step's plan.
import type { Parameter } from '../nn/parameters.ts';
import { adamCorrections, adamUpdate } from '../ops/optimise/adamUpdate.ts';
import { flatSize } from '../ops/optimise/flat.ts';
import { sgdUpdate } from '../ops/optimise/sgdUpdate.ts';
import * as tf from '../tf.ts';

/** One state array of an optimiser: the values for all its parameters, one after the other. */
export interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** An optimiser as checkpoints see it. */
export interface OptimiserState {
  /** The trainable parameters it updates, in the order of their values in the slots. */
  readonly parameters: readonly Parameter[];
  readonly slots: readonly Slot[];
  dispose(): void;
}

/** What `Rates` a step has to bring is the optimiser's own: SGD needs a learning rate, Adam its bias corrections, too. */
export interface Optimiser<Rates> extends OptimiserState {
  /** Gradients in the order of the parameters. Call inside `tf.tidy`. */
  apply(gradients: readonly tf.Tensor[], rates: Rates): void;
}

export interface AdamRates {
  readonly lr: tf.Scalar;
  readonly correction1: tf.Scalar;
  readonly correction2: tf.Scalar;
}

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay (Loshchilov & Hutter 2019, AdamW). */
  readonly weightDecay: number;
}

/** PyTorch's defaults. */
export const ADAM_DEFAULTS: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** AdamW (Adam where `weightDecay` is 0), as PyTorch computes it. */
export function createAdam(parameters: readonly Parameter[], options: AdamOptions): Optimiser<AdamRates> {
  const trained = parameters.filter(({ trainable }) => trainable);
  const variables = trained.map(({ variable }) => variable);
  const first = zeroSlot(trained, 'first_moment');
  const second = zeroSlot(trained, 'second_moment');
  return optimiser<AdamRates>(trained, [first, second], (gradients, { lr, correction1, correction2 }) =>
    adamUpdate(
      { parameters: variables, gradients, firstMoment: first.variable, secondMoment: second.variable },
      { learningRate: lr, correction1, correction2, ...options },
    ),
  );
}

/** What Adam's 0-based update `k` needs besides gradients, as plain numbers for a step's plan. */
export function adamPlan(lr: number, k: number, { beta1, beta2 }: AdamOptions): Record<keyof AdamRates, number> {
  return { lr, ...adamCorrections(k + 1, beta1, beta2) };
}

export interface SgdRates {
  readonly lr: tf.Scalar;
}

export interface SgdOptions {
  readonly momentum: number;
  /** Added to the gradient (L2), as in PyTorch's SGD. */
  readonly weightDecay: number;
  readonly nesterov: boolean;
}

/** Stochastic gradient descent with momentum, as PyTorch computes it. */
export function createSgd(parameters: readonly Parameter[], options: SgdOptions): Optimiser<SgdRates> {
  const trained = parameters.filter(({ trainable }) => trainable);
  const variables = trained.map(({ variable }) => variable);
  const slot = zeroSlot(trained, 'velocity');
  return optimiser<SgdRates>(trained, [slot], (gradients, { lr }) =>
    sgdUpdate({ parameters: variables, gradients, velocity: slot.variable }, { learningRate: lr, ...options }),
  );
}

function zeroSlot(parameters: readonly Parameter[], name: string): Slot {
  const start = tf.zeros([flatSize(parameters.map(({ variable }) => variable))]);
  const variable = tf.variable(start, false);
  start.dispose();
  return { name, variable };
}

function optimiser<Rates>(
  parameters: readonly Parameter[],
  slots: readonly Slot[],
  update: (gradients: readonly tf.Tensor[], rates: Rates) => void,
): Optimiser<Rates> {
  return {
    parameters,
    slots,
    apply: update,
    dispose: () => {
      for (const { variable } of slots) variable.dispose();
    },
  };
}
