// Interleaved timing: every round runs each contender once, so that whatever else the machine does meets all of them.
import { median } from './statistics.ts';

export interface Contender {
  /** Does or queues the work once. */
  run(): void | Promise<void>;
  /** Resolves when everything queued is done. */
  settle(): Promise<void>;
}

export interface MeasureOptions {
  readonly rounds: number;
  /** A sample repeats the work until it lasts about this long. */
  readonly sampleMs: number;
  readonly nowMs: () => number;
}

export interface Timing {
  /** Of one run, until the GPU is done with it. */
  readonly ms: number;
  /** Of one run, until it is queued: what the host's processor does. */
  readonly queueMs: number;
  readonly samplesMs: readonly number[];
  /** Runs per sample. */
  readonly repeats: number;
}

const MAX_REPEATS = 500;

/** Medians over `rounds` samples of each contender, after one run to compile and one to size the sample. */
export async function measure(contenders: readonly Contender[], options: MeasureOptions): Promise<Timing[]> {
  const { rounds, sampleMs, nowMs } = options;
  const entries: { contender: Contender; repeats: number; total: number[]; queued: number[] }[] = [];
  for (const contender of contenders) {
    await sample(contender, 1, nowMs);
    const { total } = await sample(contender, 1, nowMs);
    const repeats = Math.min(MAX_REPEATS, Math.max(1, Math.ceil(sampleMs / Math.max(total, 1e-3))));
    entries.push({ contender, repeats, total: [], queued: [] });
  }
  for (let round = 0; round < rounds; round++) {
    // Nobody is always the one who runs after the slowest.
    for (const entry of round % 2 === 0 ? entries : entries.toReversed()) {
      const { total, queued } = await sample(entry.contender, entry.repeats, nowMs);
      entry.total.push(total);
      entry.queued.push(queued);
    }
  }
  return entries.map(({ repeats, total, queued }) => ({
    ms: median(total),
    queueMs: median(queued),
    samplesMs: total,
    repeats,
  }));
}

async function sample(
  contender: Contender,
  repeats: number,
  nowMs: () => number,
): Promise<{ readonly total: number; readonly queued: number }> {
  const start = nowMs();
  for (let i = 0; i < repeats; i++) await contender.run();
  const queued = nowMs();
  await contender.settle();
  return { total: (nowMs() - start) / repeats, queued: (queued - start) / repeats };
}
