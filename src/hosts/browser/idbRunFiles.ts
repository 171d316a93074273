// A run's row and bytes in IndexedDB. A write is one transaction that the browser has to bring to the disk before it says that
// it is done; bytes lie in parts, in the object stores that every version of the studio has used.
import type { RunId } from '../../domain/run.ts';
import { packPiece } from '../../session/storage/runs/pieceBytes.ts';
import type { RunFiles, RunWrite } from '../../session/storage/runs/runFiles.ts';
import { checkpointName, outputName, pieceName, type Slot } from '../../session/storage/runs/runRow.ts';
import type { StudioDatabase } from './openDatabase.ts';
import type { StoredRunRow } from './schema.ts';

const PART_BYTES = 16 * 2 ** 20;
const STORES = ['runs', 'history', 'checkpoints', 'outputs'] as const;

export class IdbRunFiles implements RunFiles {
  private readonly database: StudioDatabase;

  constructor(database: StudioDatabase) {
    this.database = database;
  }

  async rows(): Promise<{ runId: string; row: unknown }[]> {
    return this.database.use(async (connection) => {
      const transaction = connection.transaction('runs');
      const [keys, rows] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
      return keys.map((runId, i) => ({ runId: String(runId), row: rows[i] }));
    });
  }

  async names(runId: RunId): Promise<string[]> {
    return this.database.use(async (connection) => {
      const transaction = connection.transaction(['history', 'checkpoints', 'outputs']);
      const all = IDBKeyRange.bound([runId], [runId, []]);
      const [pieces, slots, outputs] = await Promise.all([
        transaction.objectStore('history').getAllKeys(all),
        transaction.objectStore('checkpoints').getAllKeys(all),
        transaction.objectStore('outputs').getAllKeys(all),
      ]);
      // One key a part: every name once.
      return [
        ...pieces.map(([, index]) => pieceName(index)),
        ...new Set(slots.map(([, slot]) => checkpointName(slot as Slot))),
        ...new Set(outputs.map(([, name]) => outputName(name))),
      ];
    });
  }

  async row(runId: RunId): Promise<unknown> {
    return this.database.use((connection) => connection.get('runs', runId));
  }

  async read(runId: RunId, name: string): Promise<Uint8Array | null> {
    const place = placeOf(runId, name);
    if (place.store === 'history') {
      const piece = await this.database.use((connection) => connection.get('history', place.key));
      if (piece === undefined) return null;
      return piece instanceof ArrayBuffer ? new Uint8Array(piece) : packPiece(piece);
    }
    const parts = await this.database.use((connection) => connection.getAll(place.store, rangeOf(place.key)));
    return parts.length === 0 ? null : joinParts(parts);
  }

  async write(runId: RunId, decide: (row: unknown) => RunWrite): Promise<void> {
    await this.database.write([...STORES], async (transaction) => {
      const runs = transaction.objectStore('runs');
      const { row, put = new Map<string, Uint8Array>() } = decide(await runs.get(runId));
      const writing: Promise<unknown>[] = [];
      for (const [name, bytes] of put) {
        const place = placeOf(runId, name);
        if (place.store === 'history') {
          writing.push(transaction.objectStore('history').put(copyOf(bytes), place.key));
          continue;
        }
        const store = transaction.objectStore(place.store);
        writing.push(store.delete(rangeOf(place.key)));
        for (const [i, part] of partsOf(bytes).entries()) writing.push(store.put(part, [...place.key, i] as never));
      }
      writing.push(runs.put(row as unknown as StoredRunRow));
      await Promise.all(writing);
    });
  }

  async remove(runId: RunId): Promise<void> {
    await this.database.write([...STORES], async (transaction) => {
      const all = IDBKeyRange.bound([runId], [runId, []]);
      await Promise.all([
        transaction.objectStore('runs').delete(runId),
        transaction.objectStore('outputs').delete(all),
        transaction.objectStore('history').delete(all),
        transaction.objectStore('checkpoints').delete(all),
      ]);
    });
  }
}

type Place =
  | { readonly store: 'history'; readonly key: [RunId, number] }
  | { readonly store: 'checkpoints' | 'outputs'; readonly key: [RunId, string] };

/** Where the bytes of a name lie. */
function placeOf(runId: RunId, name: string): Place {
  const piece = /^history-(\d+)\.bin$/.exec(name);
  if (piece !== null) return { store: 'history', key: [runId, Number(piece[1])] };
  const slot = /^checkpoint-(\w+)\.safetensors$/.exec(name);
  if (slot !== null) return { store: 'checkpoints', key: [runId, slot[1] ?? ''] };
  return { store: 'outputs', key: [runId, name.replace(/^output-/, '')] };
}

const rangeOf = (key: [RunId, string]): IDBKeyRange => IDBKeyRange.bound(key, [...key, []]);

const copyOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;

function partsOf(bytes: Uint8Array): ArrayBuffer[] {
  const count = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES));
  return Array.from({ length: count }, (_, i) => copyOf(bytes.subarray(i * PART_BYTES, (i + 1) * PART_BYTES)));
}

function joinParts(parts: readonly ArrayBuffer[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return joined;
}
