// Optimisers on WebGPU: several parameters a dispatch, which writes them and their part of the slots where they lie. No variable changes its buffer, so a recorded step may keep on using it.
import { defineKernel, type ElementType, numbered } from '../../gpu/kernel.ts';
import { maxStorageBuffers, type ProgramSpec, type UniformTypes } from '../../gpu/program.ts';
import { ownBuffer } from '../../gpu/tensorMemory.ts';
import { choose, perElement } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { flatSize } from './flat.ts';

/** One step of an optimiser, the same for every value of every parameter. */
export interface UpdateRule<Constants extends string, Scalars extends string, Slots extends string> {
  readonly name: string;
  /** Tensors of one value that change from step to step: `<name>[0]` in the body. */
  readonly scalars: readonly Scalars[];
  /** Vectors over all parameters: `<name>[at]` in the body. */
  readonly slots: readonly Slots[];
  readonly constants: UniformTypes<Constants>;
  /** WGSL: changes the value `w` and the slots, given the gradient `g`. */
  readonly body: string;
}
export interface UpdateOperands<Constants extends string, Scalars extends string, Slots extends string> {
  readonly values: readonly tf.Variable[];
  readonly gradients: readonly tf.Tensor[];
  readonly scalars: Readonly<Record<Scalars, tf.Scalar | number>>;
  readonly slots: Readonly<Record<Slots, tf.Variable>>;
  readonly constants: Readonly<Record<Constants, number>>;
}
export type Update<Constants extends string, Scalars extends string, Slots extends string> = (
  operands: UpdateOperands<Constants, Scalars, Slots>,
) => void;

/** How many parameters a dispatch takes: each binds two buffers, besides those that all share. */
interface Spec extends ProgramSpec {
  readonly tensors: number;
}

/** A rule as an update of all parameters, as many at once as the device binds buffers for. Call once per rule, outside of steps. */
export function inPlaceUpdate<Constants extends string, Scalars extends string, Slots extends string>(
  rule: UpdateRule<Constants, Scalars, Slots>,
): Update<Constants, Scalars, Slots> {
  const kernel = kernelOf(rule);
  const shared = rule.scalars.length + rule.slots.length;
  return ({ values, gradients, slots, constants, ...operands }) => {
    const tensors = Math.min(MAX_TENSORS, Math.floor((maxStorageBuffers() - shared) / 2));
    tf.tidy(() => {
      for (const variable of [...values, ...Object.values<tf.Variable>(slots)]) ownBuffer(variable);
      const scalars = Object.entries<tf.Scalar | number>(operands.scalars).map(([name, x]): [string, tf.Tensor] => [
        name,
        typeof x === 'number' ? tf.scalar(x) : x,
      ]);
      let offset = 0;
      for (let first = 0; first < values.length; first += tensors) {
        const batch = values.slice(first, first + tensors);
        const sizes = range(MAX_TENSORS).map((k) => batch[k]?.size ?? 0);
        const total = flatSize(batch);
        kernel.run({
          spec: { tensors: batch.length },
          inputs: { ...apart('gradient', gradients.slice(first, first + tensors)), ...Object.fromEntries(scalars) },
          updates: { ...apart('value', batch), ...slots },
          outputs: {},
          threads: total,
          uniforms: { ...apart('size', sizes), ...constants, offset, total },
        });
        offset += total;
      }
    });
  };
}

function kernelOf(rule: UpdateRule<string, string, string>) {
  const uniforms: UniformTypes = {
    offset: 'i32',
    total: 'i32',
    ...Object.fromEntries(range(MAX_TENSORS).map((k) => [`size${k}`, 'i32' as const])),
    ...rule.constants,
  };
  return defineKernel({
    name: rule.name,
    uniforms,
    inputs: ({ tensors }) => ({ ...numbered('gradient', tensors, 'f32'), ...floats(rule.scalars) }),
    updates: ({ tensors }) => ({ ...numbered('value', tensors, 'f32'), ...floats(rule.slots) }),
    outputs: {},
    wgsl: ({ tensors }: Spec) => {
      const ofTensor = (text: (k: number) => string): string => choose('tensor', tensors, text);
      return perElement(
        'u.total',
        `let at = u.offset + start;
  var tensor = 0;
  var index = start;
  ${range(tensors)
    .map((k) => `if (tensor == ${k} && index >= u.size${k}) { index -= u.size${k}; tensor = ${k + 1}; }`)
    .join('\n  ')}
  var w = 0.0;
  var g = 0.0;
  ${ofTensor((k) => `w = value${k}[index]; g = gradient${k}[index];`)}
  ${rule.body}
  ${ofTensor((k) => `value${k}[index] = w;`)}`,
        'start',
      );
    },
  });
}

const MAX_TENSORS = 8;
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const floats = (names: readonly string[]): Record<string, ElementType> =>
  Object.fromEntries(names.map((name) => [name, 'f32']));
const apart = <T>(name: string, values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value, k) => [`${name}${k}`, value]));
