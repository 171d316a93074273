// Pairs to tiles as a stream in plan order: a few decode ahead, so the disk, the decoder and the store work at the
// same time, and no more than those few are ever in memory.
import type { Split, Tile } from '../../domain/dataset.ts';
import type { ImportIssue, ImportOptions } from '../../domain/importing.ts';
import type { DecodedLabels } from '../decode/decodeLabels.ts';
import { type DecodedPair, decodePair } from '../decode/decodePair.ts';
import type { PhotoDecoder } from '../ports.ts';
import { holdOut } from './holdOut.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import type { ImportPlan, Pair } from './plan.ts';
import { tilesFrom } from './tiling.ts';

export interface PairTiles {
  /** Position in the plan. */
  readonly index: number;
  readonly split: Split;
  /** Empty if the pair was rejected; `issues` says why. */
  readonly tiles: readonly Tile[];
  /** Its labels at the size that their file has; null where there are none. */
  readonly truth: DecodedLabels | null;
  readonly issues: readonly ImportIssue[];
  readonly decodeMs: number;
  /** Of photo and labels, as they were read. */
  readonly sizes: readonly number[];
}

export interface StreamSettings {
  readonly signal?: AbortSignal;
  readonly limits?: ImportLimits;
  /** Pairs that may be decoding or waiting at once. */
  readonly lookAhead?: number;
}

/** Pairs the options leave where they are, or move to validation by the hold-out. The order is the plan's. */
export function pairsToImport(plan: ImportPlan, options: ImportOptions): readonly Pair[] {
  return holdOut(plan.pairs, options.holdOut);
}

/**
 * Tiles of every pair from `fromIndex` on, in order. A bad pair yields findings instead of tiles. Throws when
 * `signal` aborts (its reason) and for what is no file's fault; leaving the loop stops the decoding ahead.
 */
export async function* tilesOf(
  plan: ImportPlan,
  options: ImportOptions,
  decoder: PhotoDecoder,
  fromIndex = 0,
  { signal, limits = DEFAULT_LIMITS, lookAhead = 4 }: StreamSettings = {},
): AsyncGenerator<PairTiles, void, undefined> {
  const pairs = pairsToImport(plan, options);
  const waiting: Promise<DecodedPair>[] = [];
  let next = fromIndex;
  const startDue = (): void => {
    while (waiting.length < lookAhead) {
      const pair = pairs[next];
      if (pair === undefined) return;
      const decoding = decodePair(pair, decoder, limits);
      // Whoever waits for it sees the failure; if nobody does any more, it must not surface as unhandled.
      decoding.catch(() => undefined);
      waiting.push(decoding);
      next++;
    }
  };
  for (let index = fromIndex; index < pairs.length; index++) {
    signal?.throwIfAborted();
    startDue();
    const pair = pairs[index];
    const decoding = waiting.shift();
    if (pair === undefined || decoding === undefined) return;
    const { image, labels, truth, issues, decodeMs } = await decoding;
    signal?.throwIfAborted();
    startDue();
    const tiles = image === null ? [] : tilesFrom(pair.name, image, labels, options.size, options.mode);
    const sizes = [pair.image.sizeBytes ?? 0, pair.labels?.sizeBytes ?? 0];
    yield { index, split: pair.split, tiles, truth, issues, decodeMs, sizes };
  }
}
