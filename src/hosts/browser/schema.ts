// What lies in IndexedDB, and how older databases become the present one. Reading and writing is for the stores.
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ImportJournal } from '../../data/ports.ts';
import type { DatasetId, DatasetInfo, Split } from '../../domain/dataset.ts';
import type { RunId, RunSummary } from '../../domain/run.ts';
import type { HistoryPiece } from '../../session/run/runHistory.ts';

/** Bytes as decoded: RGB [height, width, 3], train ids [height, width]. ArrayBuffers, not Blobs: old WebKit loses Blobs. */
export interface StoredTile {
  readonly name: string;
  readonly image: ArrayBuffer;
  readonly labels: ArrayBuffer | null;
}

/** Checkpoints alternate between two slots, so that the one being written is never the one that counts. */
export type Slot = 'a' | 'b';

export interface StoredSlot {
  /** The summary at the time of this checkpoint. */
  readonly summary: RunSummary;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Pieces of history that belong to this checkpoint: those numbered below this. */
  readonly pieces: number;
}

export interface StoredRunRow {
  readonly summary: RunSummary;
  /** The slot that counts; moves in the transaction that fills the slot. */
  readonly current: Slot | null;
  readonly slots: Readonly<Record<Slot, StoredSlot | null>>;
}

export interface StudioSchema extends DBSchema {
  datasets: { key: DatasetId; value: DatasetInfo };
  /** Consecutive tiles of a split, under the position of the first. */
  tiles: { key: [DatasetId, Split, number]; value: readonly StoredTile[] };
  journals: { key: DatasetId; value: ImportJournal; indexes: { fingerprint: string } };
  runs: { key: RunId; value: StoredRunRow };
  /** What was measured between two saves. */
  history: { key: [RunId, number]; value: HistoryPiece };
  /** Checkpoint bytes in parts: single values of more than about 50 MB fail on iOS. */
  checkpoints: { key: [RunId, Slot, number]; value: ArrayBuffer };
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
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Runs inside the version-change transaction. */
export function migrate(database: IDBPDatabase<StudioSchema>, oldVersion: number): void {
  for (const step of MIGRATIONS.slice(oldVersion)) step(database);
}
