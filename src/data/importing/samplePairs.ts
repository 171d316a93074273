// A sample of an import's pairs, decoded: sizes, class shares, findings, and how long a pair takes.
import { classesOf } from '../../domain/classes.ts';
import { addClassPixels, classShares, noClassPixels } from '../../domain/classPixels.ts';
import type { ImportReport } from '../../domain/importing.ts';
import { decodePair } from '../decode/decodePair.ts';
import { spreadIndices } from '../feed/batcher.ts';
import type { PhotoDecoder } from '../ports.ts';
import type { IssueLog } from './importIssues.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { ImportPlan } from './plan.ts';

export interface SampleSettings {
  readonly limits?: ImportLimits;
  readonly signal?: AbortSignal;
  /** Called after each sampled pair. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Spread evenly over the plan. */
const SAMPLE_PAIRS = 24;

export interface Sampled {
  readonly imageSizes: ImportReport['imageSizes'];
  readonly classShares: readonly number[];
  readonly decodeMsPerPair: number;
  readonly sampled: number;
}

/** Decodes up to 24 pairs; findings go to `log`. Throws the reason of `signal` when it aborts. */
export async function samplePairs(
  plan: ImportPlan,
  decoder: PhotoDecoder,
  log: IssueLog,
  { limits = DEFAULT_LIMITS, signal, onProgress }: SampleSettings,
): Promise<Sampled> {
  const { pairs } = plan;
  const sizes = new Map<string, { width: number; height: number; count: number }>();
  const counts = noClassPixels(classesOf(plan));
  const indices = spreadIndices(pairs.length, Math.min(pairs.length, SAMPLE_PAIRS));
  let decodeMs = 0;
  for (const [done, index] of indices.entries()) {
    signal?.throwIfAborted();
    const pair = pairs[index];
    if (pair === undefined) continue;
    const decoded = await decodePair(pair, decoder, limits);
    decodeMs += decoded.decodeMs;
    log.add(decoded.issues);
    if (decoded.labels !== null) addClassPixels(counts, decoded.labels);
    if (decoded.image !== null) {
      const { width, height } = decoded.image;
      const key = `${width}x${height}`;
      sizes.set(key, { width, height, count: (sizes.get(key)?.count ?? 0) + 1 });
    }
    onProgress?.(done + 1, indices.length);
  }
  return {
    imageSizes: [...sizes.values()].sort((a, b) => b.count - a.count || b.width * b.height - a.width * a.height),
    classShares: classShares(counts),
    decodeMsPerPair: indices.length === 0 ? 0 : decodeMs / indices.length,
    sampled: indices.length,
  };
}
