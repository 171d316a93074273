// One import: pairs become tiles, tiles go to the store in batches, each batch in one transaction with the journal
// that counts it. Whatever stops an import (pause, full disk, killed tab), it continues from the last batch written.

import { NO_SIZES, withSizes } from '../../data/importing/fingerprint.ts';
import { countIssues, LISTED_ISSUES } from '../../data/importing/importIssues.ts';
import { type PairTiles, pairsToImport, tilesOf } from '../../data/importing/importPairs.ts';
import type { ImportPlan } from '../../data/importing/plan.ts';
import type { ImportJournal, PhotoDecoder, TileStore } from '../../data/ports.ts';
import { addClassPixels } from '../../domain/classPixels.ts';
import type { DatasetInfo, Split, Tile } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ImportIssue, ImportProgress } from '../../domain/importing.ts';
import { ImportPace } from './importPace.ts';

/** A batch is written when it holds this many tiles or bytes: large enough to be quick, small enough to be lost. */
const BATCH_TILES = 64;
const BATCH_BYTES = 16 * 2 ** 20;
export type ImportStatus = ImportProgress['status'];

export interface ImportObserver {
  /** At most two a second, and one for every change of status. */
  progress(progress: ImportProgress): void;
  /** New findings, told once their batch is stored. */
  issues(issues: readonly ImportIssue[]): void;
  /** The stored dataset has grown or is complete; `null` when it was deleted. */
  dataset(info: DatasetInfo | null): void;
  /** The import stopped; `resume` tries again from the last batch written. */
  failure(error: unknown): void;
}

export interface ImportParts {
  readonly plan: ImportPlan;
  /** As stored; both move on together. */
  readonly info: DatasetInfo;
  readonly journal: ImportJournal;
  readonly tileStore: TileStore;
  readonly decoder: PhotoDecoder;
  readonly observer: ImportObserver;
  /** Monotonic. */
  readonly nowMs: () => number;
}

interface Stand {
  readonly info: DatasetInfo;
  readonly journal: ImportJournal;
}

interface Batch {
  readonly tiles: Readonly<Record<Split, Tile[]>>;
  readonly issues: ImportIssue[];
  readonly sizes: (readonly number[])[];
  pairs: number;
  bytes: number;
}

const emptyBatch = (): Batch => ({ tiles: { train: [], val: [] }, issues: [], sizes: [], pairs: 0, bytes: 0 });

export class ImportSession {
  private readonly parts: ImportParts;
  private readonly pairsTotal: number;
  private readonly pace: ImportPace;
  /** What the store holds. */
  private stored: Stand;
  private wish: 'run' | 'pause' | 'cancel' = 'run';
  private current: ImportStatus = 'paused';
  private running: Promise<void> | null = null;
  /** Nothing can follow: all is stored, or all is deleted. */
  private isOver = false;
  /** Every finding so far; the journal gets them all at the end, and the first on the way. */
  private readonly found: ImportIssue[];

  /** Does nothing until {@link resume}. `info` and `journal` must be stored already. */
  constructor(parts: ImportParts) {
    this.parts = parts;
    this.stored = { info: parts.info, journal: parts.journal };
    const planned = parts.plan.issues.list();
    this.found = [...planned, ...parts.journal.issues.slice(planned.length)];
    this.pairsTotal = pairsToImport(parts.plan, parts.journal.options).length;
    this.pace = new ImportPace(parts.nowMs);
  }

  get status(): ImportStatus {
    return this.current;
  }

  /** The dataset as stored, growing while the import runs. */
  get info(): DatasetInfo {
    return this.stored.info;
  }

  /** Starts, or continues a paused or failed import from the last batch written. */
  resume(): void {
    if (this.wish !== 'cancel') this.drive('run');
  }

  /** What is decoded is still written; after the status `paused` nothing is. */
  pause(): void {
    if (this.wish === 'run') this.wish = 'pause';
  }

  /** Stops and deletes what was imported. */
  cancel(): void {
    this.drive('cancel');
  }

  /** Resolves when the import rests: paused, done, cancelled or failed. */
  async settled(): Promise<ImportStatus> {
    while (this.running !== null) await this.running;
    return this.current;
  }

  private drive(wish: 'run' | 'cancel'): void {
    if (this.isOver) return;
    this.wish = wish;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  private async run(): Promise<void> {
    try {
      for (;;) {
        if (this.wish === 'cancel') return await this.discard('cancelled');
        if (this.wish === 'pause') return this.report('paused');
        this.report('running');
        if (await this.importPairs()) return this.finish('done');
      }
    } catch (error) {
      this.report('failed');
      this.parts.observer.failure(error);
    }
  }

  /**
   * Imports until everything is stored (true) or something else is wished for (false). The next batch is decoded
   * while the last is written. Throws `data.empty-dataset` when there is nothing left to store at the end.
   */
  private async importPairs(): Promise<boolean> {
    const { plan, decoder, observer } = this.parts;
    const { options, nextIndex } = this.stored.journal;
    this.pace.start(nextIndex);
    let batch = emptyBatch();
    let planned = this.stored;
    let writing: Promise<void> = Promise.resolve();
    const write = async (state: DatasetInfo['state']): Promise<void> => {
      await writing;
      const full = batch;
      batch = emptyBatch();
      planned = standAfter(planned, full, state);
      writing = this.write(planned, full);
      // The next write waits for it and sees its failure; until then that is not unhandled.
      writing.catch(() => {});
    };
    try {
      for await (const pair of tilesOf(plan, options, decoder, nextIndex)) {
        addPair(batch, pair);
        this.report('running', pair.index + 1);
        if (this.wish !== 'run') break;
        if (countTiles(batch.tiles) >= BATCH_TILES || batch.bytes >= BATCH_BYTES) await write('importing');
      }
      if (this.wish === 'cancel') return false;
      const isComplete = planned.journal.nextIndex + batch.pairs >= this.pairsTotal;
      if (isComplete && tilesIn(planned.info) + countTiles(batch.tiles) === 0) {
        observer.issues(batch.issues);
        await this.discard('failed');
        throw nothingUsable(planned.info);
      }
      if (isComplete || batch.pairs > 0) await write(isComplete ? 'ready' : 'importing');
      return isComplete;
    } finally {
      this.pace.stop();
      // A write that fails under a cancelled import changes nothing: everything is deleted next.
      await (this.wish === 'cancel' ? writing.catch(() => {}) : writing);
    }
  }

  private async write(stand: Stand, batch: Batch): Promise<void> {
    const { tileStore, observer } = this.parts;
    const isComplete = stand.info.state === 'ready';
    const journal = isComplete
      ? { ...stand.journal, issues: this.found.concat(batch.issues), isComplete }
      : stand.journal;
    await tileStore.append(stand.info, batch.tiles, journal);
    for (const issue of batch.issues) this.found.push(issue);
    this.stored = stand;
    if (batch.issues.length > 0) observer.issues(batch.issues);
    observer.dataset(stand.info);
  }

  private async discard(status: 'cancelled' | 'failed'): Promise<void> {
    await this.parts.tileStore.deleteDataset(this.stored.info.id);
    this.finish(status);
    this.parts.observer.dataset(null);
  }

  private finish(status: ImportStatus): void {
    this.isOver = true;
    this.report(status);
  }

  private report(status: ImportStatus, pairsDone = this.stored.journal.nextIndex): void {
    const isChange = status !== this.current;
    this.current = status;
    if (!isChange && !this.pace.isDue()) return;
    const { info } = this.stored;
    this.parts.observer.progress({
      datasetId: info.id,
      status,
      pairsDone,
      pairsTotal: this.pairsTotal,
      tilesWritten: tilesIn(info),
      bytesWritten: info.sizeBytes,
      ...this.pace.report(pairsDone, this.pairsTotal),
    });
  }
}

function addPair(batch: Batch, { split, tiles, issues, sizes }: PairTiles): void {
  batch.sizes.push(sizes);
  for (const issue of issues) batch.issues.push(issue);
  for (const tile of tiles) {
    batch.tiles[split].push(tile);
    batch.bytes += tile.image.byteLength + (tile.labels?.byteLength ?? 0);
  }
  batch.pairs++;
}

/** Where dataset and journal stand once `batch` is written. */
function standAfter({ info, journal }: Stand, batch: Batch, state: DatasetInfo['state']): Stand {
  const grown = (split: Split) => ({
    tiles: info.splits[split].tiles + batch.tiles[split].length,
    labelled: info.splits[split].labelled + batch.tiles[split].filter(({ labels }) => labels !== null).length,
  });
  const classPixels = Float64Array.from(info.classPixels);
  for (const { labels } of batch.tiles.train) if (labels !== null) addClassPixels(classPixels, labels);
  return {
    info: {
      ...info,
      splits: { train: grown('train'), val: grown('val') },
      classPixels: Array.from(classPixels),
      sizeBytes: info.sizeBytes + batch.bytes,
      state,
    },
    journal: {
      ...journal,
      nextIndex: journal.nextIndex + batch.pairs,
      sizes: batch.sizes.reduce(withSizes, journal.sizes ?? NO_SIZES),
      issues: [...journal.issues, ...batch.issues].slice(0, LISTED_ISSUES),
      issueCounts: countIssues(batch.issues, journal.issueCounts),
    },
  };
}

const countTiles = (tiles: Readonly<Record<Split, readonly Tile[]>>): number => tiles.train.length + tiles.val.length;
const tilesIn = ({ splits }: DatasetInfo): number => splits.train.tiles + splits.val.tiles;

function nothingUsable({ id, name }: DatasetInfo): StudioError {
  return new StudioError(
    'data.empty-dataset',
    `None of the pairs of "${name}" could be used.`,
    'The findings name the reason for every file. Correct the files and drop them again.',
    { datasetId: id },
  );
}
