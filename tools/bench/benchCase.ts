// One line of the benchmark: the same computation by several contenders, with what it costs at least.
import type * as tf from '../../src/engine/tf.ts';

/** Queues the computation once and returns its results; runs inside `tf.tidy`. */
export type Work = () => readonly tf.Tensor[];

/** A way to do it with TensorFlow.js alone. */
export interface StockWay {
  readonly way: string;
  readonly work: Work;
}

/** The computation in jax-js, whose device, layout (NCHW) and ownership of arrays are its own. */
export interface JaxWork {
  /** Queues it once; the result before is given back. */
  run(): void;
  settle(): Promise<void>;
  /** The last results, in the layout that ours have. */
  values(): Promise<readonly ArrayLike<number>[]>;
  dispose(): void;
}

export interface BenchCase {
  /** Sizes, for people. */
  readonly shape: string;
  /** Multiply-adds times two; 0 where the arithmetic is not what the operation is about. */
  readonly flops: number;
  /** What has to be read and written once at least. */
  readonly bytes: number;
  readonly ours: Work;
  /** The fastest counts. */
  readonly stock: readonly StockWay[];
  /** Compiles it; null where jax-js cannot express the computation. */
  readonly jax: (() => Promise<JaxWork>) | null;
  /** Largest difference between contenders, relative to the largest value. */
  readonly tolerance: number;
  dispose(): void;
}

export interface BenchDefinition {
  /** `conv-lite`, `conv-deeplab` or `ops`. */
  readonly suite: string;
  readonly name: string;
  /** `forward`, `to input`, `to filter`; for other operations `forward`, `both` or `update`. */
  readonly pass: string;
  /** How often a network has it; 1 where that means nothing. */
  readonly count: number;
  open(): BenchCase;
}
