// Tiles in IndexedDB, one record a tile. Positions come from the dataset's own counts: nothing here ever counts records.
import type { ImportJournal, TileStore } from '../../data/ports.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../../domain/dataset.ts';
import { SPLITS } from '../../domain/dataset.ts';
import { newestFirst } from '../../session/runHistory.ts';
import { assertContinues, tileNotFound } from '../../session/storageErrors.ts';
import type { StudioDatabase } from './openDatabase.ts';
import type { StoredTile } from './schema.ts';

export class IdbTileStore implements TileStore {
  private readonly database: StudioDatabase;

  constructor(database: StudioDatabase) {
    this.database = database;
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
    const records = SPLITS.map((split) => ({
      split,
      first: dataset.splits[split].tiles - tiles[split].length,
      values: tiles[split].map(recordOf),
    }));
    await this.database.write(['datasets', 'tiles', 'journals'], async (transaction) => {
      assertContinues(await transaction.objectStore('datasets').get(dataset.id), dataset, tiles);
      const store = transaction.objectStore('tiles');
      const journals = transaction.objectStore('journals');
      await Promise.all([
        ...records.flatMap(({ split, first, values }) =>
          values.map((value, i) => store.put(value, [dataset.id, split, first + i])),
        ),
        transaction.objectStore('datasets').put(dataset),
        journal === null ? journals.delete(dataset.id) : journals.put(journal),
      ]);
    });
  }

  async read(id: DatasetId, split: Split, indices: readonly number[]): Promise<readonly Tile[]> {
    const records = await this.database.use(async (connection) => {
      const { store } = connection.transaction('tiles');
      return Promise.all(indices.map((index) => store.get([id, split, index])));
    });
    return records.map((record, i) => {
      if (record === undefined) throw tileNotFound(id, split, indices[i] ?? -1);
      const { name, image, labels } = record;
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
      return (await store.index('fingerprint').openCursor(fingerprint, 'prev'))?.value ?? null;
    });
  }

  async freeBytes(): Promise<number | null> {
    const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.()) ?? {};
    return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  }
}

const recordOf = ({ name, image, labels }: Tile): StoredTile => ({
  name,
  image: bufferOf(image),
  labels: labels === null ? null : bufferOf(labels),
});

/** The bytes of a view alone: a view into a larger buffer would be stored with all of that buffer. */
function bufferOf(view: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = view;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : view.slice().buffer;
}
