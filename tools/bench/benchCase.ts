// One line of the benchmark: the same computation by several contenders, with what it costs at least.
import type { OpBenchCase } from '../../src/testing/opBench.ts';

/** The computation in jax-js, whose device, layout (NCHW) and ownership of arrays are its own. */
export interface JaxWork {
  /** Queues it once; the result before is given back. */
  run(): void;
  settle(): Promise<void>;
  /** The last results, in the layout that ours have. */
  values(): Promise<readonly ArrayLike<number>[]>;
  dispose(): void;
}

export interface BenchCase extends Omit<OpBenchCase, 'operands'> {
  /** Multiply-adds times two; 0 where the arithmetic is not what the operation is about. */
  readonly flops: number;
  /** Compiles it; null where jax-js cannot express the computation. */
  readonly jax: (() => Promise<JaxWork>) | null;
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
