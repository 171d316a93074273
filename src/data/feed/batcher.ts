// Tiles to host batches: sampling, random mirroring, and one batch read ahead while the device works on the last.
// Normalisation and colour are the engine's. Only the training split is ever sampled here.
import { IGNORE } from '../../domain/classes.ts';
import type { HostBatch, Size, Split, Tile } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import { type RandomState, RandomStream } from '../../domain/rng.ts';
import type { TileSource } from '../ports.ts';
import { EpochSampler, type SamplerState } from './sampler.ts';

/** Plain data, as it goes into a checkpoint. */
export interface BatchStreamState {
  readonly sampler: SamplerState;
  readonly flips: RandomState;
}

export interface StreamOptions {
  readonly seed: number;
  /** Tiles a batch. */
  readonly batch: number;
  /** Mirror each tile left to right with probability one half. */
  readonly flip: boolean;
}

function copyMirrored(from: Uint8Array, to: Uint8Array, offset: number, width: number, channels: number): void {
  const rowBytes = width * channels;
  for (let row = 0; row < from.length; row += rowBytes) {
    for (let x = 0; x < width; x++) {
      const source = row + (width - 1 - x) * channels;
      const target = offset + row + x * channels;
      for (let c = 0; c < channels; c++) to[target + c] = from[source + c] ?? 0;
    }
  }
}

/**
 * Joins tiles of one size into a batch. `mirrored` tells for each tile whether it is flipped left to right. Tiles
 * without labels are all ignore in a batch that has labels.
 */
export function batchOf(
  tiles: readonly Tile[],
  size: Size,
  withLabels: boolean,
  mirrored: readonly boolean[],
): HostBatch {
  const pixels = size.width * size.height;
  const images = new Uint8Array(tiles.length * pixels * 3);
  const labels = withLabels ? new Uint8Array(tiles.length * pixels).fill(IGNORE) : null;
  tiles.forEach((tile, i) => {
    invariant(
      tile.image.length === pixels * 3,
      () => `Tile ${tile.name} has ${tile.image.length} bytes; ${size.width} x ${size.height} needs ${pixels * 3}.`,
    );
    if (mirrored[i] === true) copyMirrored(tile.image, images, i * pixels * 3, size.width, 3);
    else images.set(tile.image, i * pixels * 3);
    if (labels === null || tile.labels === null) return;
    if (mirrored[i] === true) copyMirrored(tile.labels, labels, i * pixels, size.width, 1);
    else labels.set(tile.labels, i * pixels);
  });
  return { size, count: tiles.length, images, labels };
}

/** `wanted` indices of 0..total-1, spread evenly and in order; all of them where there are fewer, or for 0. */
export function spreadIndices(total: number, wanted: number): number[] {
  const count = wanted === 0 ? total : Math.min(total, wanted);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * total) / count));
}

/** Reads tiles of either split into one batch, as they are: for evaluation and pictures. */
export async function readBatch(
  source: TileSource,
  split: Split,
  indices: readonly number[],
  { labels }: { readonly labels: boolean } = { labels: true },
): Promise<HostBatch> {
  return batchOf(await source.read(split, indices), source.info.size, labels, []);
}

/** An endless stream of training batches, one batch ahead of whoever pulls. */
export class BatchStream {
  private readonly source: TileSource;
  private readonly sampler: EpochSampler;
  private readonly flips: RandomStream;
  private readonly options: StreamOptions;
  private readonly withLabels: boolean;
  private ahead: { readonly drawnFrom: BatchStreamState; readonly batch: Promise<HostBatch> } | null = null;

  constructor(source: TileSource, sampler: EpochSampler, key: string, withLabels: boolean, options: StreamOptions) {
    this.source = source;
    this.sampler = sampler;
    this.withLabels = withLabels;
    this.options = options;
    this.flips = new RandomStream(options.seed, 'flips', key);
  }

  /** The next batch; starts reading the one after it. If reading fails, the same batch is tried again by the next call. */
  async next(): Promise<HostBatch> {
    const current = this.ahead ?? this.draw();
    this.ahead = null;
    try {
      const batch = await current.batch;
      this.ahead = this.draw();
      return batch;
    } catch (error) {
      this.restore(current.drawnFrom);
      throw error;
    }
  }

  /** The state from which the next call of `next` continues: what is read ahead has not happened yet. */
  state(): BatchStreamState {
    return this.ahead?.drawnFrom ?? this.current();
  }

  /** Must not be called while a call of `next` is under way. */
  restore(state: BatchStreamState): void {
    this.ahead = null;
    this.sampler.restore(state.sampler);
    this.flips.restore(state.flips);
  }

  private current(): BatchStreamState {
    return { sampler: this.sampler.state(), flips: this.flips.state() };
  }

  private draw(): { readonly drawnFrom: BatchStreamState; readonly batch: Promise<HostBatch> } {
    const drawnFrom = this.current();
    const indices = this.sampler.next(this.options.batch);
    // Drawn even where unused, so that switching mirroring off changes nothing else.
    const mirrored = indices.map(() => this.flips.uniform() < 0.5 && this.options.flip);
    const batch = this.source
      .read('train', indices)
      .then((tiles) => batchOf(tiles, this.source.info.size, this.withLabels, mirrored));
    // The failure is seen by the call of `next` that takes this batch; until then it is not unhandled.
    batch.catch(() => undefined);
    return { drawnFrom, batch };
  }
}

function openStream(
  source: TileSource,
  key: string,
  withLabels: boolean,
  options: StreamOptions,
  subset?: readonly number[],
): BatchStream {
  const sampler = new EpochSampler({
    seed: options.seed,
    key,
    count: () => source.info.splits.train.tiles,
    ...(subset === undefined ? {} : { subset }),
  });
  return new BatchStream(source, sampler, key, withLabels, options);
}

/** Source tiles, labelled where the method asks for labels. */
export function sourceStream(source: TileSource, options: StreamOptions, withLabels = true): BatchStream {
  return openStream(source, 'source', withLabels, options);
}

/** Unlabelled target tiles: whatever the dataset knows, this stream cannot hand out labels. */
export function targetStream(target: TileSource, options: StreamOptions): BatchStream {
  return openStream(target, 'target', false, options);
}

/** The target tiles that may show their labels, and no others (`labelledSubset`). */
export function labelledTargetStream(
  target: TileSource,
  options: StreamOptions,
  subset: readonly number[],
): BatchStream {
  return openStream(target, 'labelledTarget', true, options, subset);
}

/** Target tiles with the labels that `target` says they have, which are a network's guesses. */
export function pseudoTargetStream(target: TileSource, options: StreamOptions): BatchStream {
  return openStream(target, 'pseudoTarget', true, options);
}
