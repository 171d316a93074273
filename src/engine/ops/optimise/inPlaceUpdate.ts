// Optimisers on WebGPU: one dispatch for every parameter, which writes the parameter and its part of the slots where they
// lie. No variable changes its buffer, so a recorded step may keep on using it.
import { declareUniforms, holdsFloats, type ProgramFamily, type UniformTypes } from '../../gpu/program.ts';
import { runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

/** One step of an optimiser, the same for every value of every parameter. */
export interface UpdateRule<Names extends string> {
  readonly name: string;
  /** Tensors of one value that change from step to step: `<name>[0]` in the body. */
  readonly scalars: readonly string[];
  /** Vectors over all parameters: `<name>[at]` in the body. */
  readonly slots: readonly string[];
  readonly constants: UniformTypes<Names>;
  /** WGSL: changes `value[index]` and the slots, given `gradient[index]`. */
  readonly body: string;
}
export interface UpdateOperands<Names extends string> {
  readonly values: readonly tf.Variable[];
  readonly gradients: readonly tf.Tensor[];
  readonly scalars: readonly (tf.Scalar | number)[];
  readonly slots: readonly tf.Variable[];
  readonly constants: Readonly<Record<Names, number>>;
}

/** A rule as a program. Call once per rule, outside of steps. */
export function updateProgram<Names extends string>(rule: UpdateRule<Names>): ProgramFamily<Record<string, never>> {
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'f32' as const]));
  const buffers: Buffers = { reads: named(['gradient', ...rule.scalars]), writes: named(['value', ...rule.slots]) };
  const uniforms: UniformTypes = { size: 'i32', offset: 'i32', ...rule.constants };
  return {
    name: rule.name,
    uniforms,
    wgsl: () => `
${declareBuffers(buffers)}
${declareUniforms(uniforms, uniformBinding(buffers))}
${perElement('u.size', `let at = u.offset + index;\n  ${rule.body}`)}`,
  };
}

/** Runs the program on every parameter. */
export function updateInPlace<Names extends string>(
  family: ProgramFamily<Record<string, never>>,
  { values, gradients, scalars, slots, constants }: UpdateOperands<Names>,
): void {
  tf.tidy(() => {
    for (const variable of [...values, ...slots]) ownBuffer(variable);
    const perStep = scalars.map((x) => (typeof x === 'number' ? tf.scalar(x) : x));
    let offset = 0;
    values.forEach((value, i) => {
      const gradient = gradients[i];
      if (gradient === undefined || value.size === 0) return;
      runTensors({
        family,
        spec: {},
        inputs: [gradient, ...perStep, value, ...slots],
        outputs: [],
        updates: [value, ...slots],
        dispatches: [{ workgroups: workgroupsFor(value.size), uniforms: { size: value.size, offset, ...constants } }],
      });
      offset += value.size;
    });
  });
}

/** Gives the variable a buffer of its own where a tensor made by clone, reshape or assign still shows the same one. */
function ownBuffer(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) > 1 || !holdsFloats(variable)) variable.assign(tf.mul(variable, 1));
}
