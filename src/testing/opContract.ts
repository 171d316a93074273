// The contract that every operation of the engine fulfils, as one suite: it runs, refuses wrong shapes by name, gives the
// values of a float64 reference over a table of shapes, the gradients that finite differences of that reference give, and
// leaves no tensor behind. The same file runs on the CPU and on WebGPU.
import { describe, expect, it } from 'vitest';
import { StudioError } from '../domain/errors.ts';
import { RandomStream } from '../domain/rng.ts';
import { readValues } from '../engine/backend/readback.ts';
import * as tf from '../engine/tf.ts';
import { type NdArray, sizeOf } from './ndArray.ts';
import { type ToleranceClass, toleranceOf } from './tolerances.ts';

export interface OpCase<Inputs extends string> {
  readonly name: string;
  /** Float inputs, drawn uniformly from [-1, 1] (or from `range`) and rounded to float32. */
  readonly inputs: Readonly<Record<Inputs, readonly number[]>>;
  /** Sees the inputs as whatever ranks it takes them for. */
  readonly run: (inputs: Readonly<Record<Inputs, never>>) => tf.Tensor;
  readonly reference: (inputs: Readonly<Record<Inputs, NdArray>>) => NdArray;
}

export interface OpContract<Inputs extends string> {
  readonly name: string;
  readonly tolerance: ToleranceClass;
  /** Inputs with a gradient. */
  readonly differentiable: readonly Inputs[];
  readonly cases: readonly OpCase<Inputs>[];
  /** Calls that must throw StudioError `internal.invariant`. */
  readonly refuses: Readonly<Record<string, () => unknown>>;
  readonly range?: readonly [low: number, high: number];
}

const DIFFERENCE = 1e-5; // in float64 the central difference is then good to about 1e-9
const ENTRIES_CHECKED = 24; // gradient entries compared per input and case

/** Registers the suite. */
export function describeOp<Inputs extends string>(contract: OpContract<Inputs>): void {
  describe(contract.name, () => {
    for (const opCase of contract.cases) {
      it(`${opCase.name}: values of the reference, shapes, no tensor left`, () => checkValues(contract, opCase));
      if (contract.differentiable.length > 0) {
        it(`${opCase.name}: gradients of finite differences`, () => checkGradients(contract, opCase));
      }
    }
    for (const [name, call] of Object.entries(contract.refuses)) {
      it(`refuses ${name}`, () => expectInvariant(() => tf.tidy(() => void call())));
    }
  });
}

/** Expects `call` to throw a StudioError with code `internal.invariant`. */
export function expectInvariant(call: () => unknown): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StudioError);
  expect((thrown as StudioError).code).toBe('internal.invariant');
}

/**
 * Expects float32 values within the class's tolerance of the reference on the current backend. Terms that cancel leave
 * the rounding of the largest of them: `largestTerm` is its magnitude, where it can exceed every result.
 */
export function expectClose(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  kind: ToleranceClass,
  largestTerm = 0,
): void {
  const { relative, ofLargest } = toleranceOf(kind, tf.getBackend());
  const reference = Float64Array.from(expected);
  const largest = reference.reduce((max, value) => Math.max(max, Math.abs(value)), largestTerm);
  expect(got.length).toBe(reference.length);
  const wrong: string[] = [];
  reference.forEach((value, i) => {
    const error = Math.abs((got[i] ?? Number.NaN) - value);
    if (!(error <= ofLargest * largest + relative * Math.abs(value)))
      wrong.push(`[${i}] got ${got[i]}, expected ${value}`);
  });
  expect(wrong.slice(0, 5), `${wrong.length} of ${reference.length} values are wrong`).toEqual([]);
}

/** Uniform float32 values from a stream named after the array. */
export function randomArray(
  key: string,
  shape: readonly number[],
  [low, high]: readonly [low: number, high: number] = [-1, 1],
): NdArray {
  const stream = new RandomStream(1, key);
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(stream.uniform(low, high))) };
}

export function toTensor<T extends tf.Tensor>({ shape, data }: NdArray): T {
  return tf.tensor(Float32Array.from(data), [...shape]) as T;
}

function draw<Inputs extends string>(
  { name, range }: OpContract<Inputs>,
  opCase: OpCase<Inputs>,
): Record<Inputs, NdArray> {
  const entries = Object.entries<readonly number[]>(opCase.inputs);
  return Object.fromEntries(
    entries.map(([key, shape]) => [key, randomArray(`${name} ${opCase.name} ${key}`, shape, range)]),
  ) as Record<Inputs, NdArray>;
}

function tensorsOf<Inputs extends string>(arrays: Record<Inputs, NdArray>): Record<Inputs, tf.Tensor> {
  const entries = Object.entries<NdArray>(arrays).map(([key, array]) => [key, toTensor(array)]);
  return Object.fromEntries(entries) as Record<Inputs, tf.Tensor>;
}

async function checkValues<Inputs extends string>(contract: OpContract<Inputs>, opCase: OpCase<Inputs>): Promise<void> {
  const arrays = draw(contract, opCase);
  const expected = opCase.reference(arrays);
  const before = tf.memory().numTensors;
  const y = tf.tidy(() => opCase.run(tensorsOf(arrays) as Record<Inputs, never>));
  expect(y.shape).toEqual(expected.shape);
  expectClose(await readValues(y), expected.data, contract.tolerance);
  y.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

async function checkGradients<Inputs extends string>(
  contract: OpContract<Inputs>,
  opCase: OpCase<Inputs>,
): Promise<void> {
  const arrays = draw(contract, opCase);
  const upstream = randomArray(`${contract.name} ${opCase.name} upstream`, opCase.reference(arrays).shape);
  const names = contract.differentiable.filter((name) => name in opCase.inputs);
  const before = tf.memory().numTensors;
  const gradients = tf.tidy(() => {
    const tensors = tensorsOf(arrays);
    const objective = (...xs: tf.Tensor[]): tf.Scalar => {
      const given = Object.fromEntries(names.map((name, i) => [name, xs[i]])) as Record<Inputs, tf.Tensor>;
      return tf.sum(tf.mul(opCase.run({ ...tensors, ...given } as Record<Inputs, never>), toTensor(upstream)));
    };
    return tf.grads(objective)(names.map((name) => tensors[name]));
  });
  const objective = (): number =>
    opCase.reference(arrays).data.reduce((sum, value, i) => sum + value * (upstream.data[i] ?? 0), 0);

  for (const [i, name] of names.entries()) {
    const gradient = gradients[i]!;
    expect(gradient.shape).toEqual(arrays[name].shape);
    const values = await readValues(gradient);
    const { data } = arrays[name];
    const stride = Math.max(1, Math.floor(data.length / ENTRIES_CHECKED));
    const entries = Array.from({ length: Math.ceil(data.length / stride) }, (_, k) => k * stride);
    const expected = entries.map((k) => {
      const original = data[k]!;
      data[k] = original + DIFFERENCE;
      const above = objective();
      data[k] = original - DIFFERENCE;
      const below = objective();
      data[k] = original;
      return (above - below) / (2 * DIFFERENCE);
    });
    expectClose(
      entries.map((k) => values[k]!),
      expected,
      contract.tolerance === 'exact' ? 'elementwise' : contract.tolerance,
    );
  }
  tf.dispose(gradients);
  expect(tf.memory().numTensors).toBe(before);
}
