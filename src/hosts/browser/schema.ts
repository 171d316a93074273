// What lies in IndexedDB, and how older databases become the present one. Reading and writing is for the stores.
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ImportJournal } from '../../data/ports.ts';
import type { DatasetId, DatasetInfo, Split } from '../../domain/dataset.ts';
import type { RunId } from '../../domain/run.ts';
import type { HistoryPiece } from '../../session/run/runHistory.ts';

/** Bytes as decoded: RGB [height, width, 3], train ids [height, width]. ArrayBuffers, not Blobs: old WebKit loses Blobs. */
export interface StoredTile {
  readonly name: string;
  readonly image: ArrayBuffer;
  readonly labels: ArrayBuffer | null;
}

/** Read and written as plain data; what it means is the run store's (session/storage/runs). */
export interface StoredRunRow {
  readonly summary: { readonly runId: RunId };
}

export interface StudioSchema extends DBSchema {
  datasets: { key: DatasetId; value: DatasetInfo };
  /** Consecutive tiles of a split, under the position of the first. */
  tiles: { key: [DatasetId, Split, number]; value: readonly StoredTile[] };
  journals: { key: DatasetId; value: ImportJournal; indexes: { fingerprint: string } };
  runs: { key: RunId; value: StoredRunRow };
  /** What was measured between two saves: bytes, objects in databases from before version 3. */
  history: { key: [RunId, number]; value: ArrayBuffer | HistoryPiece };
  /** Checkpoint bytes in parts: single values of more than about 50 MB fail on iOS. */
  checkpoints: { key: [RunId, string, number]; value: ArrayBuffer };
  /** What stages leave behind, by name, in parts like checkpoints. */
  outputs: { key: [RunId, string, number]; value: ArrayBuffer };
  /** Small things a host remembers, by name. */
  settings: { key: string; value: string | number | boolean };
}

/**
 * One function a version, in order; the database's version is their number. A released function never changes:
 * a new schema is a new function at the end.
 */
const MIGRATIONS: readonly ((database: IDBPDatabase<StudioSchema>) => void)[] = [
  (database) => {
    database.createObjectStore('datasets', { keyPath: 'id' });
    database.createObjectStore('tiles');
    database.createObjectStore('journals', { keyPath: 'datasetId' }).createIndex('fingerprint', 'fingerprint');
    database.createObjectStore('runs', { keyPath: 'summary.runId' });
    database.createObjectStore('history');
    database.createObjectStore('checkpoints');
    database.createObjectStore('settings');
  },
  (database) => {
    database.createObjectStore('outputs');
  },
  // Rows hold leases and checksums, history lies in bytes: a page that does not know them must not write any more.
  () => {},
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Runs inside the version-change transaction. */
export function migrate(database: IDBPDatabase<StudioSchema>, oldVersion: number): void {
  for (const step of MIGRATIONS.slice(oldVersion)) step(database);
}
