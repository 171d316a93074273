// Checks that the contenders of a case compute the same, then times them against each other.
import { StudioError } from '../../src/domain/errors.ts';
import { type DispatchTimes, timeDispatches } from '../../src/engine/gpu/dispatchTimes.ts';
import * as tf from '../../src/engine/tf.ts';
import type { StockWay, Work } from '../../src/testing/opBench.ts';
import type { BenchCase, BenchDefinition, JaxWork } from './benchCase.ts';
import { type Contender, type MeasureOptions, measure, type Timing } from './measure.ts';
import { relativeDifference, relativeSpread } from './statistics.ts';
import { asStock, finishGpu } from './stockBackend.ts';

export interface RunOptions extends MeasureOptions {
  readonly withJax: boolean;
}

export interface BenchResult {
  readonly suite: string;
  readonly name: string;
  readonly pass: string;
  readonly shape: string;
  readonly count: number;
  readonly flops: number;
  readonly bytes: number;
  readonly oursMs: number;
  readonly stockMs: number;
  readonly stockWay: string;
  readonly jaxMs: number | null;
  /** Building and compiling in jax-js, until its first result. */
  readonly jaxCompileMs: number | null;
  /** Why there is no time of jax-js. */
  readonly jaxReason: string | null;
  /** Largest differences between the contenders' results, relative to the largest value. */
  readonly differences: Readonly<Record<string, number>>;
  /** Half the interquartile distance over the median. */
  readonly spread: number;
  /** Ours, dispatch by dispatch; null where the adapter has no timestamps. */
  readonly dispatches: DispatchTimes | null;
  readonly samplesMs: Readonly<Record<string, readonly number[]>>;
}

/** Throws `internal.invariant` if a contender computes something else: its time would mean nothing. */
export async function runCase(definition: BenchDefinition, options: RunOptions): Promise<BenchResult> {
  const opened = definition.open();
  try {
    const ours = await resultsOf(opened.ours);
    const differences: Record<string, number> = {};
    for (const { way, work } of opened.stock) {
      differences[way] = compare(definition, way, await resultsOf(() => asStock(work)), ours, opened.tolerance);
    }
    const jax = await openJaxWork(opened, options);
    if (jax.work !== null) {
      differences['jax-js'] = compare(definition, 'jax-js', await jax.work.values(), ours, opened.tolerance);
    }
    const stock = opened.stock.length === 1 ? opened.stock : [await fastest(opened.stock, options)];
    const timings = await measure(
      [
        onGpu(opened.ours),
        ...stock.map(({ work }) => onGpu(() => asStock(work))),
        ...(jax.work === null ? [] : [contenderOf(jax.work)]),
      ],
      options,
    );
    const [oursTiming, stockTiming, jaxTiming] = timings as [Timing, Timing, Timing?];
    const dispatches = await timeDispatches(() => tf.dispose([...tf.tidy(() => [...opened.ours()])]));
    jax.work?.dispose();
    const { suite, name, pass, count } = definition;
    const { shape, flops, bytes } = opened;
    return {
      ...{ suite, name, pass, count, shape, flops, bytes },
      oursMs: oursTiming.ms,
      stockMs: stockTiming.ms,
      stockWay: stock[0]?.way ?? '',
      jaxMs: jaxTiming?.ms ?? null,
      jaxCompileMs: jax.compileMs,
      jaxReason: jax.reason,
      differences,
      spread: relativeSpread(oursTiming.samplesMs),
      dispatches,
      samplesMs: {
        ours: oursTiming.samplesMs,
        stock: stockTiming.samplesMs,
        ...(jaxTiming === undefined ? {} : { jax: jaxTiming.samplesMs }),
      },
    };
  } finally {
    opened.dispose();
  }
}

/** The work as what is timed: its results are given back at once, its buffers when the GPU has done it. */
function onGpu(work: Work): Contender {
  return {
    run: () => tf.dispose(tf.tidy(() => [...work()])),
    settle: finishGpu,
  };
}

const contenderOf = (work: JaxWork): Contender => ({ run: () => work.run(), settle: () => work.settle() });

async function fastest(ways: readonly StockWay[], options: RunOptions): Promise<StockWay> {
  const timings = await measure(
    ways.map(({ work }) => onGpu(() => asStock(work))),
    { ...options, rounds: 3 },
  );
  const best = timings.reduce((least, { ms }, i) => (ms < (timings[least]?.ms ?? 0) ? i : least), 0);
  const way = ways[best];
  if (way === undefined) throw new RangeError('A case needs a way to do it with TensorFlow.js.');
  return way;
}

async function resultsOf(work: Work): Promise<ArrayLike<number>[]> {
  const tensors = tf.tidy(() => [...work()]);
  const values = await Promise.all(tensors.map((x) => x.data()));
  tf.dispose(tensors);
  return values;
}

function compare(
  { suite, name, pass }: BenchDefinition,
  who: string,
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  tolerance: number,
): number {
  const difference =
    actual.length === expected.length
      ? Math.max(...expected.map((values, i) => relativeDifference(actual[i] ?? [], values)))
      : Number.POSITIVE_INFINITY;
  if (!(difference <= tolerance)) {
    throw new StudioError(
      'internal.invariant',
      `${suite}/${name} ${pass}: ${who} differs from ours by ${difference}; ${tolerance} is allowed.`,
      'The benchmark compares different computations: correct it, or the operation.',
    );
  }
  return difference;
}

interface OpenedJax {
  readonly work: JaxWork | null;
  readonly compileMs: number | null;
  readonly reason: string | null;
}

async function openJaxWork({ jax }: BenchCase, { withJax, nowMs }: RunOptions): Promise<OpenedJax> {
  if (!withJax) return { work: null, compileMs: null, reason: 'not asked for' };
  if (jax === null) return { work: null, compileMs: null, reason: 'not expressible' };
  const start = nowMs();
  try {
    const work = await jax();
    work.run();
    await work.settle();
    return { work, compileMs: nowMs() - start, reason: null };
  } catch (error) {
    return { work: null, compileMs: null, reason: error instanceof Error ? error.message : String(error) };
  }
}
