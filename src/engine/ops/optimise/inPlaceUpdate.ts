// Optimisers on WebGPU: several parameters a dispatch, which writes them and their part of the slots where they lie. No variable changes its buffer, so a recorded step may keep on using it.
import { declareUniforms, maxStorageBuffers, type ProgramFamily, type UniformTypes } from '../../gpu/program.ts';
import { ownBuffer, runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, choose, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { flatSize } from './flat.ts';

/** One step of an optimiser, the same for every value of every parameter. */
export interface UpdateRule<Names extends string> {
  readonly name: string;
  /** Tensors of one value that change from step to step: `<name>[0]` in the body. */
  readonly scalars: readonly string[];
  /** Vectors over all parameters: `<name>[at]` in the body. */
  readonly slots: readonly string[];
  readonly constants: UniformTypes<Names>;
  /** WGSL: changes the value `w` and the slots, given the gradient `g`. */
  readonly body: string;
}
export interface UpdateOperands<Names extends string> {
  readonly values: readonly tf.Variable[];
  readonly gradients: readonly tf.Tensor[];
  readonly scalars: readonly (tf.Scalar | number)[];
  readonly slots: readonly tf.Variable[];
  readonly constants: Readonly<Record<Names, number>>;
}

/** How many parameters a dispatch takes: each binds two buffers, besides those that all share. */
interface Spec extends Readonly<Record<string, number | boolean | string>> {
  readonly tensors: number;
}
export interface UpdateProgram {
  readonly family: ProgramFamily<Spec>;
  readonly sharedBuffers: number;
}

/** A rule as a program. Call once per rule, outside of steps. */
export function updateProgram<Names extends string>(rule: UpdateRule<Names>): UpdateProgram {
  const uniforms: UniformTypes = {
    offset: 'i32',
    total: 'i32',
    ...Object.fromEntries(range(MAX_TENSORS).map((k) => [`size${k}`, 'i32' as const])),
    ...rule.constants,
  };
  const wgsl = ({ tensors }: Spec): string => {
    const all = range(tensors);
    const buffers: Buffers = {
      reads: named([...all.map((k) => `gradient${k}`), ...rule.scalars]),
      writes: named([...all.map((k) => `value${k}`), ...rule.slots]),
    };
    const ofTensor = (text: (k: number) => string): string => choose('tensor', tensors, text);
    return `
${declareBuffers(buffers)}
${declareUniforms(uniforms, uniformBinding(buffers))}
${perElement(
  'u.total',
  `let at = u.offset + start;
  var tensor = 0;
  var index = start;
  ${all.map((k) => `if (tensor == ${k} && index >= u.size${k}) { index -= u.size${k}; tensor = ${k + 1}; }`).join('\n  ')}
  var w = 0.0;
  var g = 0.0;
  ${ofTensor((k) => `w = value${k}[index]; g = gradient${k}[index];`)}
  ${rule.body}
  ${ofTensor((k) => `value${k}[index] = w;`)}`,
  'start',
)}`;
  };
  return {
    family: { name: rule.name, uniforms, wgsl },
    sharedBuffers: rule.scalars.length + rule.slots.length,
  };
}

const MAX_TENSORS = 8;
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'f32' as const]));

/** Runs the program on all parameters, as many at once as the device binds buffers for. */
export function updateInPlace<Names extends string>(
  { family, sharedBuffers }: UpdateProgram,
  { values, gradients, scalars, slots, constants }: UpdateOperands<Names>,
): void {
  const tensors = Math.min(MAX_TENSORS, Math.floor((maxStorageBuffers() - sharedBuffers) / 2));
  tf.tidy(() => {
    for (const variable of [...values, ...slots]) ownBuffer(variable);
    const perStep = scalars.map((x) => (typeof x === 'number' ? tf.scalar(x) : x));
    let offset = 0;
    for (let first = 0; first < values.length; first += tensors) {
      const batch = values.slice(first, first + tensors);
      const sizes = range(MAX_TENSORS).map((k) => [`size${k}`, batch[k]?.size ?? 0]);
      const total = flatSize(batch);
      runTensors({
        family,
        spec: { tensors: batch.length },
        inputs: [...gradients.slice(first, first + tensors), ...perStep, ...batch, ...slots],
        outputs: [],
        updates: [...batch, ...slots],
        dispatches: [
          { workgroups: workgroupsFor(total), uniforms: { ...Object.fromEntries(sizes), ...constants, offset, total } },
        ],
      });
      offset += total;
    }
  });
}
