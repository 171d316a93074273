// Tiles in memory: for command-line runs, which read their folders anew each time, and for browsers that store nothing.
import type { ImportJournal, TileStore } from '../../data/ports.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../../domain/dataset.ts';
import { SPLITS } from '../../domain/dataset.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import { assertContinues, quotaExceeded, tileNotFound } from './storageErrors.ts';

interface StoredDataset {
  readonly info: DatasetInfo;
  readonly tiles: Readonly<Record<Split, Tile[]>>;
}

export class MemoryTileStore implements TileStore {
  private readonly datasets = new Map<DatasetId, StoredDataset>();
  private readonly journals = new Map<DatasetId, ImportJournal>();
  private readonly limitBytes: number;
  private usedBytes = 0;

  /** Tiles beyond `limitBytes` of pixels are refused with `storage.quota`. */
  constructor(limitBytes = Number.POSITIVE_INFINITY) {
    this.limitBytes = limitBytes;
  }

  /** Newest first. */
  async listDatasets(): Promise<readonly DatasetInfo[]> {
    return newestFirst([...this.datasets.values()].map(({ info }) => structuredClone(info)));
  }

  async append(
    dataset: DatasetInfo,
    tiles: Readonly<Record<Split, readonly Tile[]>>,
    journal: ImportJournal | null,
  ): Promise<void> {
    const stored = this.datasets.get(dataset.id);
    assertContinues(stored?.info, dataset, tiles);
    const addedBytes = SPLITS.reduce((sum, split) => sum + bytesOf(tiles[split]), 0);
    if (this.usedBytes + addedBytes > this.limitBytes) throw quotaExceeded(addedBytes);
    const kept = stored?.tiles ?? { train: [], val: [] };
    for (const split of SPLITS) for (const tile of structuredClone(tiles[split])) kept[split].push(tile);
    this.usedBytes += addedBytes;
    this.datasets.set(dataset.id, { info: structuredClone(dataset), tiles: kept });
    if (journal === null) this.journals.delete(dataset.id);
    else this.journals.set(dataset.id, structuredClone(journal));
  }

  async read(id: DatasetId, split: Split, indices: readonly number[]): Promise<readonly Tile[]> {
    return indices.map((index) => {
      const tile = this.datasets.get(id)?.tiles[split][index];
      if (tile === undefined) throw tileNotFound(id, split, index);
      return tile;
    });
  }

  async deleteDataset(id: DatasetId): Promise<void> {
    const stored = this.datasets.get(id);
    if (stored !== undefined) this.usedBytes -= SPLITS.reduce((sum, split) => sum + bytesOf(stored.tiles[split]), 0);
    this.datasets.delete(id);
    this.journals.delete(id);
  }

  /** The newest of several imports of the same files. */
  async findJournal(fingerprint: string): Promise<ImportJournal | null> {
    const found = [...this.journals.values()].filter(
      (journal) => journal.fingerprint === fingerprint && journal.isComplete !== true,
    );
    return structuredClone(found.toSorted((a, b) => (a.datasetId < b.datasetId ? 1 : -1))[0] ?? null);
  }

  async journalOf(id: DatasetId): Promise<ImportJournal | null> {
    return structuredClone(this.journals.get(id) ?? null);
  }

  async freeBytes(): Promise<number | null> {
    return Number.isFinite(this.limitBytes) ? this.limitBytes - this.usedBytes : null;
  }
}

const bytesOf = (tiles: readonly Tile[]): number =>
  tiles.reduce((sum, { image, labels }) => sum + image.byteLength + (labels?.byteLength ?? 0), 0);
