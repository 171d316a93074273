// A benchmark of an operation: a case lies beside it (`<name>.bench.ts`, `export const benches`), and tools/bench finds and
// times it. Ours against what a user of TensorFlow.js composes for the same.
import * as tf from '../engine/tf.ts';
import { labelValues } from './randomTensor.ts';

/** Queues the computation once and returns its results; runs inside `tf.tidy`. */
export type Work = () => readonly tf.Tensor[];

/** A way to do it with TensorFlow.js alone. */
export interface StockWay {
  readonly way: string;
  readonly work: Work;
}

/** Sizes of all cases at once; the tests make them small. */
export interface OpScale {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** Shapes of a network's trainable arrays. */
  readonly parameters: readonly (readonly number[])[];
}

export interface OpBench {
  /** Unique among all. */
  readonly name: string;
  /** Forward alone, forward and back, or an update in place. */
  readonly pass: 'forward' | 'both' | 'update';
  open(scale: OpScale): OpBenchCase;
}

export interface OpBenchCase {
  /** Sizes, for people. */
  readonly shape: string;
  /** What has to be read and written once at least. */
  readonly bytes: number;
  readonly ours: Work;
  /** The fastest counts. */
  readonly stock: readonly StockWay[];
  /** Largest difference between contenders, relative to the largest value. */
  readonly tolerance: number;
  /** By name, for contenders of other libraries. */
  readonly operands: Readonly<Record<string, tf.Tensor>>;
  dispose(): void;
}

export const CLASSES = 19;
export type Shape4D = readonly [number, number, number, number];

interface Pair {
  readonly ours: Work;
  readonly stock: Work;
  readonly operands: Readonly<Record<string, tf.Tensor>>;
  /** Maps of the shape that are read and written at least, forward and back. */
  readonly maps: number;
  readonly tolerance?: number;
}

/** A case on maps of `shape`. */
export function caseOf(shape: readonly number[], { ours, stock, operands, maps, tolerance = 1e-4 }: Pair): OpBenchCase {
  const size = shape.reduce((product, side) => product * side, 1);
  return {
    shape: shape.join('x'),
    bytes: 4 * size * maps,
    ours,
    stock: [{ way: 'composition', work: stock }],
    tolerance,
    operands,
    dispose: () => tf.dispose(Object.values(operands)),
  };
}

/** Value and gradients of `compute` for the upstream gradient `dy`. */
export function both(compute: (...xs: tf.Tensor[]) => tf.Tensor, inputs: readonly tf.Tensor[], dy: tf.Tensor): Work {
  const run = tf.valueAndGrads(compute);
  return () => {
    const { value, grads } = run([...inputs], dy);
    return [value, ...grads];
  };
}

/** Labels below 19, one in sixteen 255. */
export function labelsOf(shape: readonly [number, number, number], name: string): tf.Tensor3D {
  const count = shape[0] * shape[1] * shape[2];
  return tf.tensor3d(Int32Array.from(labelValues(count, CLASSES, name)), [...shape], 'int32');
}
