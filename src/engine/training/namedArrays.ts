// Variables to stored tensors and back, by name, in PyTorch's layout. What the names mean is the callers'.
import { StudioError } from '../../domain/errors.ts';
import { readValues } from '../backend/readback.ts';
import type { Parameter } from '../nn/parameters.ts';
import { fromTorchLayout, torchShape, toTorchLayout } from '../nn/torchLayout.ts';
import type { OptimiserState } from '../optim/optimiser.ts';
import * as tf from '../tf.ts';
import type { StoredTensor, WritableTensor } from '../weightFiles/safetensors.ts';

/** A named part of a variable: all of a parameter, or one parameter's share of an optimiser's slot. */
export interface NamedArray {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly offset: number;
  readonly shape: readonly number[];
}

/** Parameters as arrays, under `prefix`. */
export function arraysOfParameters(parameters: readonly Parameter[], prefix = ''): NamedArray[] {
  return parameters.map(({ name, variable }) => ({ name: prefix + name, variable, offset: 0, shape: variable.shape }));
}

/** An optimiser's slots as arrays, one per slot and parameter, e.g. `first_moment.head.weight`, under `prefix`. */
export function arraysOfSlots({ slots }: OptimiserState, prefix = ''): NamedArray[] {
  return slots.flatMap((slot) => {
    let offset = 0;
    return slot.parameters.map(({ name, variable: { shape, size } }) => {
      offset += size;
      return { name: `${prefix}${slot.name}.${name}`, variable: slot.variable, offset: offset - size, shape };
    });
  });
}

/** Reads all arrays as they are at the call: every copy is queued before this returns to its caller. */
export async function snapshot(arrays: readonly NamedArray[]): Promise<(readonly [string, WritableTensor])[]> {
  const variables = [...new Set(arrays.map(({ variable }) => variable))];
  const values = await Promise.all(variables.map((variable) => readValues(variable)));
  const valuesOf = new Map(variables.map((variable, i) => [variable, Float32Array.from(values[i] ?? [])]));
  return arrays.map(({ name, variable, offset, shape }) => {
    const own = valuesOf.get(variable)?.subarray(offset, offset + sizeOf(shape)) ?? new Float32Array(0);
    return [name, { shape: torchShape(shape), values: toTorchLayout(own, shape) }] as const;
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Which stored tensors fit which arrays. */
export interface NameReport {
  readonly matched: readonly string[];
  /** Arrays that the file does not have. */
  readonly missing: readonly string[];
  /** Tensors of the file that nothing asks for. */
  readonly unexpected: readonly string[];
}

export function matchNames(arrays: readonly NamedArray[], stored: ReadonlyMap<string, StoredTensor>): NameReport {
  const names = new Set(arrays.map(({ name }) => name));
  return {
    matched: [...names].filter((name) => stored.has(name)),
    missing: [...names].filter((name) => !stored.has(name)),
    unexpected: [...stored.keys()].filter((name) => !names.has(name)),
  };
}

/**
 * Assigns every stored tensor to the array of its name; parameters that the file lacks stay. Throws `checkpoint.incompatible`,
 * with nothing assigned, if a shape differs.
 */
export function assignStored(arrays: readonly NamedArray[], stored: ReadonlyMap<string, StoredTensor>): void {
  const pairs = arrays.flatMap((array) => {
    const tensor = stored.get(array.name);
    return tensor === undefined ? [] : [{ array, tensor }];
  });
  for (const { array, tensor } of pairs) refuseWrongShape(array, tensor);
  const valuesOf = new Map(pairs.map(({ array: { variable } }) => [variable, new Float32Array(variable.size)]));
  for (const { array, tensor } of pairs) {
    valuesOf.get(array.variable)?.set(fromTorchLayout(tensor.values, array.shape), array.offset);
  }
  for (const [variable, values] of valuesOf) {
    const value = tf.tensor(values, variable.shape, 'float32');
    variable.assign(value);
    value.dispose();
  }
}

/** Gives a whole variable the values of a tensor of its shape, in PyTorch's order. */
export function assignValues({ variable, shape }: NamedArray, values: ArrayLike<number>): void {
  const value = tf.tensor(fromTorchLayout(values, shape), variable.shape, 'float32');
  variable.assign(value);
  value.dispose();
}

function refuseWrongShape({ name, shape }: NamedArray, tensor: StoredTensor): void {
  const expected = torchShape(shape);
  if (expected.length === tensor.shape.length && expected.every((side, i) => side === tensor.shape[i])) return;
  const text = (sides: readonly number[]): string => `[${sides.join(', ')}]`;
  throw new StudioError(
    'checkpoint.incompatible',
    `"${name}" has shape ${text(tensor.shape)} in the file and ${text(expected)} in the network.`,
    'Choose a file that was made for this network.',
    { tensor: name, found: text(tensor.shape), expected: text(expected) },
  );
}
