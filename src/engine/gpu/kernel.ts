// A kernel of ours, stated once: what it reads, changes in place and writes, its uniforms and its text. Bindings are named, so
// a call gives tensors and shapes by name and gets tensors of the ranks that it asked for.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';
import { type Dispatch, type OutputSpec, type ProgramSpec, runProgram, type UniformTypes } from './program.ts';
import { inMemory } from './tensorMemory.ts';
import { workgroupsFor } from './wgsl.ts';

export type ElementType = 'f32' | 'i32' | 'vec2f' | 'vec4f';
/** Names of buffers, in binding order, and what they are arrays of. */
export type Bindings = { readonly [name: string]: ElementType | undefined };
type NoBindings = Readonly<Record<never, never>>;
type Bound<Spec, B> = B | ((spec: Spec) => B);

/** `inputs`, `updates` and `outputs` are bound in this order, then the uniforms as `u`. All of it is a pure function of the spec. */
export interface KernelDefinition<Spec, Uniforms, Inputs, Updates, Outputs> {
  readonly name: string;
  /** Sizes and offsets are `i32`. What changes from step to step belongs in a tensor. */
  readonly uniforms: Uniforms;
  readonly inputs: Bound<Spec, Inputs>;
  /** Written in place. */
  readonly updates?: Bound<Spec, Updates>;
  readonly outputs: Bound<Spec, Outputs>;
  /** What the text says before the bindings: extensions, constants. */
  readonly head?: (spec: Spec) => string;
  /** The text after the bindings, with the entry point `main`. */
  readonly wgsl: (spec: Spec) => string;
}

type Given<B, Value> = {
  readonly [Name in keyof B]: Value | (B extends Record<Name, B[Name]> ? never : null | undefined);
};
export type Shape = readonly number[];
type Launch<Names extends string> =
  /** As many threads as `perElement` needs for them, workgroups, or several dispatches one after the other. */
  | { readonly threads: number; readonly uniforms: Readonly<Record<Names, number>> }
  | Dispatch<Names>
  | { readonly dispatches: readonly Dispatch<Names>[] };

/** One call of a kernel. `outputs` are shapes. */
export type KernelCall<Spec, Names extends string, Inputs, Updates, Shapes, Tensor> = Launch<Names> & {
  readonly inputs: Given<Inputs, Tensor>;
  readonly outputs: Shapes;
} & ([keyof Updates] extends [never] ? unknown : { readonly updates: Given<Updates, tf.TensorInfo> }) &
  ([keyof Spec] extends [never] ? unknown : { readonly spec: Spec });

/** The type of a tensor of this shape. */
export type TensorOf<S extends Shape> = S extends readonly []
  ? tf.Scalar
  : S extends readonly [number]
    ? tf.Tensor1D
    : S extends readonly [number, number]
      ? tf.Tensor2D
      : S extends readonly [number, number, number]
        ? tf.Tensor3D
        : S extends readonly [number, number, number, number]
          ? tf.Tensor4D
          : tf.Tensor;

export interface Kernel<Spec, Names extends string, Inputs, Updates, Outputs> {
  readonly name: string;
  /** The whole WGSL of a spec. */
  readonly text: (spec: Spec) => string;
  /** Queues the kernel. The results belong to the current `tidy`; float32 inputs are floats in memory, too. */
  readonly run: <const Shapes extends ShapesOf<Outputs>>(
    call: KernelCall<Spec, Names, Inputs, Updates, Shapes, tf.Tensor>,
  ) => { readonly [Name in keyof Shapes]: Shapes[Name] extends Shape ? TensorOf<Shapes[Name]> : never };
  /** The same inside a kernel of TensorFlow.js's registry: the caller owns the results (`disposeIntermediate`). */
  readonly enqueue: <const Shapes extends ShapesOf<Outputs>>(
    call: KernelCall<Spec, Names, Inputs, Updates, Shapes, tf.TensorInfo>,
  ) => { readonly [Name in keyof Shapes]: tf.TensorInfo };
}
type ShapesOf<Outputs> = { readonly [Name in keyof Outputs]: Shape };

/** What a call looks like once its names are known to fit. */
interface AnyCall {
  readonly spec?: ProgramSpec;
  readonly inputs: Tensors;
  readonly updates?: Tensors;
  readonly outputs: Readonly<Record<string, Shape | undefined>>;
  readonly threads?: number;
  readonly uniforms?: Readonly<Record<string, number>>;
  readonly workgroups?: Dispatch['workgroups'];
  readonly dispatches?: readonly Dispatch[];
}
type Tensors = Readonly<Record<string, tf.TensorInfo | null | undefined>>;

export function defineKernel<
  Uniforms extends UniformTypes,
  Inputs extends Bindings,
  Outputs extends Bindings,
  Updates extends Bindings = NoBindings,
  Spec extends ProgramSpec = NoBindings,
>(
  definition: KernelDefinition<Spec, Uniforms, Inputs, Updates, Outputs>,
): Kernel<Spec, keyof Uniforms & string, Inputs, Updates, Outputs> {
  const { name, uniforms, head, wgsl } = definition;
  const bindingsOf = (spec: Spec) => ({
    reads: resolved<Spec>(definition.inputs, spec),
    changes: resolved<Spec>(definition.updates ?? {}, spec),
    writes: resolved<Spec>(definition.outputs, spec),
  });
  const text = (spec: Spec): string => {
    const { reads, changes, writes } = bindingsOf(spec);
    const declared = declareBuffers(reads, [...changes, ...writes]);
    const binding = reads.length + changes.length + writes.length;
    const first = head?.(spec) ?? '';
    return [...(first ? [first] : []), ...declared, declareUniforms(uniforms, binding), wgsl(spec)].join('\n');
  };
  const family = { name, uniforms, wgsl: text };

  const launch = (call: AnyCall, prepare: (tensor: tf.TensorInfo) => tf.TensorInfo): [string, tf.TensorInfo][] => {
    const spec = (call.spec ?? {}) as Spec;
    const { reads, changes, writes } = bindingsOf(spec);
    const given = (tensors: Tensors, bindings: readonly Binding[]): tf.TensorInfo[] =>
      bindings.map(([key]) => {
        const tensor = tensors[key];
        invariant(tensor !== undefined && tensor !== null, () => `The kernel ${name} was given no ${key}.`);
        return tensor;
      });
    const updates = given(call.updates ?? {}, changes);
    const outputs = writes.map(([key, type]): OutputSpec => {
      const shape = call.outputs[key];
      invariant(shape !== undefined, () => `The kernel ${name} was given no shape of ${key}.`);
      return { shape, dtype: type === 'i32' ? 'int32' : 'float32' };
    });
    const inputs = [...given(call.inputs, reads).map(prepare), ...updates];
    const results = runProgram({ family, spec, inputs, outputs, updates, dispatches: dispatchesOf(call) });
    return writes.flatMap(([key], i) => (results[i] === undefined ? [] : [[key, results[i]]]));
  };
  return {
    name,
    text,
    run: (call) => {
      const results = launch(call as AnyCall, (tensor) => inMemory(tensor as tf.Tensor));
      const tensors = results.map(([key, info]) => [key, tf.engine().makeTensorFromTensorInfo(info)]);
      return Object.fromEntries(tensors);
    },
    enqueue: (call) => Object.fromEntries(launch(call as AnyCall, (tensor) => tensor)) as never,
  };
}

/** `bindings` where `condition` holds, else none of them. */
export function when<B extends Bindings>(condition: boolean, bindings: B): Partial<B> {
  return condition ? bindings : {};
}

/** `count` buffers of one type: `name`0, `name`1, ... */
export function numbered(name: string, count: number, type: ElementType): Record<string, ElementType> {
  return Object.fromEntries(Array.from({ length: count }, (_, k) => [`${name}${k}`, type]));
}

type Binding = readonly [name: string, type: ElementType];

function resolved<Spec>(bound: Bound<Spec, Bindings>, spec: Spec): Binding[] {
  const bindings = typeof bound === 'function' ? bound(spec) : bound;
  return Object.entries(bindings).flatMap(([name, type]) => (type === undefined ? [] : [[name, type]]));
}

function dispatchesOf({ dispatches, threads, workgroups, uniforms = {} }: AnyCall): readonly Dispatch[] {
  return dispatches ?? [{ workgroups: workgroups ?? workgroupsFor(threads ?? 0), uniforms }];
}

function declareBuffers(reads: readonly Binding[], writes: readonly Binding[]): string[] {
  const declared = (access: string, first: number, bindings: readonly Binding[]): string[] =>
    bindings.map(
      ([name, type], i) => `@group(0) @binding(${first + i}) var<storage, ${access}> ${name}: array<${type}>;`,
    );
  return [...declared('read', 0, reads), ...declared('read_write', reads.length, writes)];
}

function declareUniforms(types: UniformTypes, binding: number): string {
  const fields = Object.entries(types).map(([name, type]) => `  ${name}: ${type},`);
  return `struct Uniforms {\n${fields.join('\n')}\n}\n@group(0) @binding(${binding}) var<uniform> u: Uniforms;`;
}
