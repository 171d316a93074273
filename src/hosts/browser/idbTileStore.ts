// Tiles in IndexedDB, some of them to a record. Positions come from the dataset's own counts: nothing here ever counts
// records.
import type { ImportJournal, TileStore } from '../../data/ports.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../../domain/dataset.ts';
import { SPLITS } from '../../domain/dataset.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import { assertContinues, tileNotFound } from '../../session/storage/storageErrors.ts';
import type { StudioDatabase } from './openDatabase.ts';
import type { StoredTile } from './schema.ts';

/**
 * Tiles lie together up to this many bytes, larger ones alone. Browsers keep every large record as a file of its own,
 * which costs them several messages whatever it holds; a tile is read with its whole record, which must stay cheap.
 */
const RECORD_BYTES = 512 * 2 ** 10;

export class IdbTileStore implements TileStore {
  private readonly database: StudioDatabase;
  private readonly recordBytes: number;

  constructor(database: StudioDatabase, recordBytes = RECORD_BYTES) {
    this.database = database;
    this.recordBytes = recordBytes;
  }

  /** Newest first. */
  async listDatasets(): Promise<readonly DatasetInfo[]> {
    return newestFirst(await this.database.use((connection) => connection.getAll('datasets')));
  }

  async append(
    dataset: DatasetInfo,
    tiles: Readonly<Record<Split, readonly Tile[]>>,
    journal: ImportJournal | null,
  ): Promise<void> {
    const records = SPLITS.flatMap((split) =>
      this.recordsOf(tiles[split], dataset.splits[split].tiles - tiles[split].length).map(({ first, values }) => ({
        key: [dataset.id, split, first] satisfies [DatasetId, Split, number],
        values,
      })),
    );
    await this.database.write(['datasets', 'tiles', 'journals'], async (transaction) => {
      assertContinues(await transaction.objectStore('datasets').get(dataset.id), dataset, tiles);
      const store = transaction.objectStore('tiles');
      const journals = transaction.objectStore('journals');
      await Promise.all([
        ...records.map(({ key, values }) => store.put(values, key)),
        transaction.objectStore('datasets').put(dataset),
        journal === null ? journals.delete(dataset.id) : journals.put(journal),
      ]);
    });
  }

  async read(id: DatasetId, split: Split, indices: readonly number[]): Promise<readonly Tile[]> {
    const records = await this.database.use(async (connection) => {
      const { store } = connection.transaction('tiles');
      // The record that holds a tile is the last one that begins no later.
      return Promise.all(
        indices.map((index) => store.openCursor(IDBKeyRange.bound([id, split, 0], [id, split, index]), 'prev')),
      );
    });
    return records.map((record, i) => {
      const index = indices[i] ?? -1;
      const tile = record?.value[index - record.key[2]];
      if (tile === undefined) throw tileNotFound(id, split, index);
      const { name, image, labels } = tile;
      return { name, image: new Uint8Array(image), labels: labels === null ? null : new Uint8Array(labels) };
    });
  }

  async deleteDataset(id: DatasetId): Promise<void> {
    // An array key sorts after every string and number, so [id, []] ends the range of all keys that begin with id.
    const all = IDBKeyRange.bound([id], [id, []]);
    await this.database.write(['datasets', 'tiles', 'journals'], async (transaction) => {
      await Promise.all([
        transaction.objectStore('datasets').delete(id),
        transaction.objectStore('tiles').delete(all),
        transaction.objectStore('journals').delete(id),
      ]);
    });
  }

  /** The newest of several imports of the same files. */
  async findJournal(fingerprint: string): Promise<ImportJournal | null> {
    return this.database.use(async (connection) => {
      const { store } = connection.transaction('journals');
      let cursor = await store.index('fingerprint').openCursor(fingerprint, 'prev');
      while (cursor?.value.isComplete === true) cursor = await cursor.continue();
      return cursor?.value ?? null;
    });
  }

  async journalOf(id: DatasetId): Promise<ImportJournal | null> {
    return this.database.use(async (connection) => (await connection.get('journals', id)) ?? null);
  }

  async freeBytes(): Promise<number | null> {
    const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
    return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  }

  private recordsOf(tiles: readonly Tile[], firstIndex: number): readonly TileRecord[] {
    const records: TileRecord[] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const [i, tile] of tiles.entries()) {
      const tileBytes = tile.image.byteLength + (tile.labels?.byteLength ?? 0);
      bytes += tileBytes;
      if (bytes > this.recordBytes) {
        records.push({ first: firstIndex + i, values: [] });
        bytes = tileBytes;
      }
      records.at(-1)?.values.push(storedTile(tile));
    }
    return records;
  }
}

interface TileRecord {
  /** Position of its first tile in the split. */
  readonly first: number;
  readonly values: StoredTile[];
}

const storedTile = ({ name, image, labels }: Tile): StoredTile => ({
  name,
  image: bufferOf(image),
  labels: labels === null ? null : bufferOf(labels),
});

/** The bytes of a view alone: a view into a larger buffer would be stored with all of that buffer. */
function bufferOf(view: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = view;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : view.slice().buffer;
}
