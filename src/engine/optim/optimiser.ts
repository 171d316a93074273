// Optimisers as state: their parameters, and slot variables that run along all of them, updated in place.
// The update arithmetic is in engine/ops/optimise; rates and corrections come as scalar tensors from a step's plan.
import type { Parameter } from '../nn/parameters.ts';
import { adamCorrections, adamUpdate } from '../ops/optimise/adamUpdate.ts';
import { flatSize } from '../ops/optimise/flat.ts';
import { sgdUpdate } from '../ops/optimise/sgdUpdate.ts';
import * as tf from '../tf.ts';

/** One state array of an optimiser: the values for some of its parameters, one after the other. */
export interface Slot {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly parameters: readonly Parameter[];
}

/** An optimiser as checkpoints see it. */
export interface OptimiserState {
  /** The trainable parameters it updates. */
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
  return optimiser(parameters, (part, group) => {
    const [first, second] = [zeroSlot(part, 'first_moment'), zeroSlot(part, 'second_moment')];
    const moments = { firstMoment: first.variable, secondMoment: second.variable };
    return {
      slots: [first, second],
      update: (gradients, { lr, correction1, correction2 }) =>
        adamUpdate(
          { parameters: group, gradients, ...moments },
          { learningRate: lr, correction1, correction2, ...options },
        ),
    };
  });
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
  return optimiser(parameters, (part, group) => {
    const slot = zeroSlot(part, 'velocity');
    return {
      slots: [slot],
      update: (gradients, { lr }) =>
        sgdUpdate({ parameters: group, gradients, velocity: slot.variable }, { learningRate: lr, ...options }),
    };
  });
}

/** Values in one slot: 64 MiB, half of what every WebGPU device can bind. One parameter stays in one piece. */
const MAX_SLOT_VALUES = 2 ** 24;

/** Parameters in runs, in order, that a slot can hold. */
export function slotGroups(parameters: readonly Parameter[], maxValues = MAX_SLOT_VALUES): readonly Parameter[][] {
  const groups: Parameter[][] = [];
  let values = Number.POSITIVE_INFINITY;
  for (const parameter of parameters) {
    const { size } = parameter.variable;
    if (values + size > maxValues) {
      groups.push([]);
      values = 0;
    }
    groups.at(-1)?.push(parameter);
    values += size;
  }
  return groups;
}

function zeroSlot(parameters: readonly Parameter[], name: string): Slot {
  const start = tf.zeros([flatSize(parameters.map(({ variable }) => variable))]);
  const variable = tf.variable(start, false);
  start.dispose();
  return { name, variable, parameters };
}

interface Part<Rates> {
  readonly slots: readonly Slot[];
  readonly update: (gradients: readonly tf.Tensor[], rates: Rates) => void;
}

/** `build` makes slots and update for a run of the trainable parameters. */
function optimiser<Rates>(
  all: readonly Parameter[],
  build: (parameters: readonly Parameter[], variables: readonly tf.Variable[]) => Part<Rates>,
): Optimiser<Rates> {
  const parameters = all.filter(({ trainable }) => trainable);
  const groups = slotGroups(parameters);
  const parts = groups.map((group) =>
    build(
      group,
      group.map(({ variable }) => variable),
    ),
  );
  const slots = parts.flatMap((part) => part.slots);
  return {
    parameters,
    slots,
    apply: (gradients, rates) => {
      let from = 0;
      parts.forEach(({ update }, i) => {
        const to = from + (groups[i]?.length ?? 0);
        update(gradients.slice(from, to), rates);
        from = to;
      });
    },
    dispose: () => {
      for (const { variable } of slots) variable.dispose();
    },
  };
}
