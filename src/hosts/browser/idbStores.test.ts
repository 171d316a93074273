// The IndexedDB stores: the shared contracts, then what only a database can suffer. fake-indexeddb follows the
// specification's transaction and connection rules; full disks are acted out by making its requests fail.
import 'fake-indexeddb/auto';
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetId } from '../../domain/dataset.ts';
import type { StudioError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/run.ts';
import { crc32 } from '../../session/storage/crc32.ts';
import { describeCheckpointSlots, describeRunStore } from '../../testing/runStoreContract.ts';
import { checkpointOf, evaluationAt, metricsOf, RUN, runSummary } from '../../testing/runStoreData.ts';
import { datasetInfo, describeTileStore, journal, tilesFrom } from '../../testing/tileStoreContract.ts';
import { IdbRunStore } from './idbRunStore.ts';
import { IdbTileStore } from './idbTileStore.ts';
import type { StudioDatabase } from './openDatabase.ts';
import { openDatabase } from './openDatabase.ts';
import { SCHEMA_VERSION, type StoredRunRow } from './schema.ts';

const NAME = 'udas-studio';
const id = 'd1' as DatasetId;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/**
 * Makes the n-th put from now on fail the way a full disk does: its request fails later and takes the transaction along.
 * (The failure is a doubled key, renamed.)
 */
function failPut(n: number): void {
  const put = IDBObjectStore.prototype.put;
  let calls = 0;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    if (++calls !== n) return request;
    return renameError(this.add(...args), 'QuotaExceededError');
  });
}

/** Aborts a transaction once all its writes have succeeded: a failure that shows only at the commit. */
function failCommit(name: string): void {
  let open = 0;
  const follow = (store: IDBObjectStore, request: IDBRequest): void => {
    open++;
    renameError(store.transaction, name);
    request.addEventListener('success', () => --open === 0 && store.transaction.abort());
  };
  const { put, delete: remove } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    follow(this, request);
    return request;
  });
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
    const request = remove.call(this, key);
    follow(this, request);
    return request;
  });
}

function renameError<T extends IDBRequest | IDBTransaction>(subject: T, name: string): T {
  return Object.defineProperty(subject, 'error', {
    get: () => new DOMException('No space left.', name),
    set: () => {},
    configurable: true,
  });
}

async function connectionOf(database: StudioDatabase): Promise<IDBDatabase> {
  return database.use(async (connection) => unwrap(connection));
}

describeTileStore('IdbTileStore', async () => new IdbTileStore(openDatabase()));
describeRunStore(
  'IdbRunStore',
  async () => new IdbRunStore(openDatabase()),
  async () => new IdbRunStore(openDatabase()),
);
describeCheckpointSlots('IdbRunStore', async () => {
  const database = openDatabase();
  const damage = async (slot: 'a' | 'b') =>
    database.write(['checkpoints'], async (transaction) => {
      const bytes = new Uint8Array((await transaction.store.get([RUN, slot, 0]))!);
      bytes[bytes.length >> 1]! ^= 1;
      await transaction.store.put(bytes.buffer, [RUN, slot, 0]);
    });
  return {
    store: new IdbRunStore(database),
    damageNewest: async () => {
      const row = await database.use(
        (connection) => connection.get('runs', RUN) as Promise<{ current?: 'a' | 'b' } | undefined>,
      );
      await damage(row!.current!);
    },
    damageAll: async () => {
      await damage('a');
      await damage('b');
    },
    damagePiece: async (index, how) =>
      database.write(['history'], async (transaction) => {
        const bytes = new Uint8Array((await transaction.store.get([RUN, index])) as ArrayBuffer);
        bytes[bytes.length >> 1]! ^= 1;
        if (how === 'gone') await transaction.store.delete([RUN, index]);
        else await transaction.store.put(bytes.buffer, [RUN, index]);
      }),
    damageOutput: async (name) =>
      database.write(['outputs'], async (transaction) => {
        const bytes = new Uint8Array((await transaction.store.get([RUN, name, 0]))!);
        bytes[bytes.length >> 1]! ^= 1;
        await transaction.store.put(bytes.buffer, [RUN, name, 0]);
      }),
  };
});

describe('a run row that is none', () => {
  it('is listed, exported with its parts and deleted, while the others open', async () => {
    const store = new IdbRunStore(openDatabase({ name: NAME }));
    const other = runSummary(2, { runId: 'r2' as RunId });
    await store.save(runSummary(4), checkpointOf(4), metricsOf(0, 4), []);
    await store.saveOutput(RUN, 'st', checkpointOf(1));
    await store.save(other, checkpointOf(2), metricsOf(0, 2), []);
    const raw = await openDB(NAME);
    await raw.put('runs', { summary: { runId: RUN }, slots: 'gone' });
    raw.close();
    expect(await store.listRuns()).toEqual([other]);
    expect(await store.unreadableRuns()).toMatchObject([{ runId: RUN, reason: { code: 'storage.corrupt' } }]);
    const entries = await new ZipReader(new Uint8ArrayReader(await store.exportRun(RUN))).getEntries();
    expect(entries.map(({ filename }) => filename)).toEqual([
      ...['row.json', 'history-000000.bin', 'checkpoint-a.safetensors', 'output-st'],
    ]);
    await store.deleteRun(RUN);
    expect(await store.unreadableRuns()).toEqual([]);
    expect((await store.load(other.runId)).checkpoint).toEqual(checkpointOf(2));
  });
});

describe('IdbTileStore', () => {
  it('stores the pixels of a tile and not the buffer they are a view of', async () => {
    const database = openDatabase();
    await new IdbTileStore(database).append(datasetInfo('d1', 1, 0), { train: tilesFrom(0, 1), val: [] }, null);
    const [tile] = (await database.use((connection) => connection.get('tiles', [id, 'train', 0])))!;
    expect(tile!.image.byteLength).toBe(24);
    expect(tile!.labels!.byteLength).toBe(8);
  });

  it.each([
    { recordBytes: 1, records: [0, 1, 2, 3, 4, 5, 6] },
    { recordBytes: 64, records: [0, 2, 4, 5] },
    { recordBytes: 1000, records: [0, 5] },
  ])('puts tiles of $recordBytes bytes together, and finds each', async ({ recordBytes, records }) => {
    const database = openDatabase();
    const store = new IdbTileStore(database, recordBytes);
    const all = tilesFrom(0, 7);
    await store.append(datasetInfo('d1', 5, 0), { train: all.slice(0, 5), val: [] }, journal('d1', 5));
    await store.append(datasetInfo('d1', 7, 0), { train: all.slice(5), val: [] }, null);
    const keys = await database.use((connection) => connection.getAllKeys('tiles'));
    expect(keys.map(([, , first]) => first)).toEqual(records);
    const order = [6, 0, 4, 3, 5, 1, 2, 1];
    expect(await store.read(id, 'train', order)).toEqual(order.map((index) => all[index]));
    await expect(store.read(id, 'train', [7])).rejects.toMatchObject({ code: 'data.not-found' });
  });

  it('leaves no record behind a deleted dataset', async () => {
    const database = openDatabase();
    const store = new IdbTileStore(database);
    await store.append(datasetInfo('d1', 3, 2), { train: tilesFrom(0, 3), val: tilesFrom(5, 2) }, journal('d1', 5));
    await store.deleteDataset(id);
    for (const name of ['datasets', 'tiles', 'journals'] as const) {
      expect(await database.use((connection) => connection.count(name))).toBe(0);
    }
  });

  it.each([1, 2, 3, 4])('keeps the state before an append that a full disk breaks at write %i', async (n) => {
    const store = new IdbTileStore(openDatabase());
    await store.append(datasetInfo('d1', 2, 0), { train: tilesFrom(0, 2), val: [] }, journal('d1', 2));
    failPut(n);
    const append = store.append(
      datasetInfo('d1', 5, 1),
      { train: tilesFrom(2, 3), val: tilesFrom(8, 1) },
      journal('d1', 6),
    );
    await expect(append).rejects.toMatchObject({ code: 'storage.quota' });
    vi.restoreAllMocks();
    expect(await store.listDatasets()).toEqual([datasetInfo('d1', 2, 0)]);
    expect(await store.findJournal('aa')).toEqual(journal('d1', 2));
    await expect(store.read(id, 'train', [2])).rejects.toMatchObject({ code: 'data.not-found' });
    await store.append(datasetInfo('d1', 3, 0), { train: tilesFrom(2, 1), val: [] }, journal('d1', 3));
    expect(await store.read(id, 'train', [0, 1, 2])).toHaveLength(3);
  });

  it('reports a disk that is full only at the commit', async () => {
    const store = new IdbTileStore(openDatabase());
    failCommit('QuotaExceededError');
    const append = store.append(datasetInfo('d1', 1, 0), { train: tilesFrom(0, 1), val: [] }, null);
    await expect(append).rejects.toMatchObject({ code: 'storage.quota' });
    vi.restoreAllMocks();
    expect(await store.listDatasets()).toEqual([]);
  });

  it('tells the free bytes where the host does, and null where not', async () => {
    const store = new IdbTileStore(openDatabase());
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ quota: 1000, usage: 400 }) } });
    expect(await store.freeBytes()).toBe(600);
    vi.stubGlobal('navigator', {});
    expect(await store.freeBytes()).toBeNull();
    vi.unstubAllGlobals();
  });
});

describe('IdbRunStore', () => {
  it('keeps the save before one that a full disk breaks', async () => {
    const store = new IdbRunStore(openDatabase());
    await store.save(runSummary(2), checkpointOf(2), metricsOf(0, 2), [evaluationAt(2)]);
    for (const n of [1, 2, 3]) {
      failPut(n);
      const save = store.save(runSummary(5), checkpointOf(5), metricsOf(2, 5), [evaluationAt(5)]);
      await expect(save).rejects.toMatchObject({ code: 'storage.quota' });
      vi.restoreAllMocks();
      const run = await store.load(RUN);
      expect(run.summary).toEqual(runSummary(2));
      expect(run.checkpoint).toEqual(checkpointOf(2));
      expect([...run.metrics['sys/step_ms']!.steps]).toEqual([1, 2]);
    }
  });

  it('reads a run that was written before leases and checksums', async () => {
    const database = openDatabase();
    const piece = { metrics: metricsOf(0, 4), evaluations: [evaluationAt(4)] };
    const slot = { summary: runSummary(4), sizeBytes: 1000, crc32: crc32(checkpointOf(4)), pieces: 1 };
    await database.write(['runs', 'history', 'checkpoints', 'outputs'], async (transaction) => {
      await transaction.objectStore('runs').put({
        summary: runSummary(4),
        current: 'a',
        slots: { a: slot, b: null },
      } as StoredRunRow);
      await transaction.objectStore('history').put(piece, [RUN, 0]);
      await transaction.objectStore('checkpoints').put(checkpointOf(4).buffer as ArrayBuffer, [RUN, 'a', 0]);
      await transaction.objectStore('outputs').put(checkpointOf(1).buffer as ArrayBuffer, [RUN, 'st', 0]);
    });
    const store = new IdbRunStore(database);
    expect(await store.load(RUN)).toEqual({ summary: runSummary(4), checkpoint: checkpointOf(4), ...piece, lost: 0 });
    expect(await store.loadOutput(RUN, 'st')).toEqual(checkpointOf(1));
    await store.save(runSummary(6), checkpointOf(6), metricsOf(4, 6), []);
    expect((await store.load(RUN)).metrics['sys/step_ms']?.steps).toHaveLength(6);
  });

  it('has the browser bring a write to the disk before it counts', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await new IdbRunStore(openDatabase()).saveSummary(runSummary(0));
    expect(transaction.mock.calls.at(-1)?.slice(1)).toEqual(['readwrite', { durability: 'strict' }]);
  });

  it('cuts large checkpoints into parts and joins them again', async () => {
    const database = openDatabase();
    const store = new IdbRunStore(database);
    const checkpoint = new Uint8Array(33 * 2 ** 20);
    for (let i = 0; i < checkpoint.length; i += 4093) checkpoint[i] = i >> 12;
    await store.save(runSummary(1), checkpoint, {}, []);
    expect(await database.use((connection) => connection.count('checkpoints'))).toBe(3);
    expect(Buffer.compare((await store.load(RUN)).checkpoint!, checkpoint)).toBe(0);
  });
});

describe('StudioDatabase', () => {
  const list = (database: StudioDatabase) => new IdbTileStore(database).listDatasets();

  it('says that there is no storage', async () => {
    vi.stubGlobal('indexedDB', undefined);
    await expect(list(openDatabase())).rejects.toMatchObject({ code: 'storage.unavailable' });
    vi.unstubAllGlobals();
  });

  it('says that the browser refuses it', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('Not here.', 'SecurityError');
    });
    await expect(list(openDatabase())).rejects.toMatchObject({ code: 'storage.unavailable' });
  });

  it('refuses data of a newer studio and leaves it alone', async () => {
    (await openDB(NAME, SCHEMA_VERSION + 1)).close();
    await expect(list(openDatabase())).rejects.toMatchObject({ code: 'storage.newer-schema' });
  });

  it('makes way for another tab that upgrades, and says that this one is outdated', async () => {
    const told: StudioError[] = [];
    const database = openDatabase({ onSuperseded: (error) => told.push(error) });
    await list(database);
    const newer = await openDB(NAME, SCHEMA_VERSION + 1);
    expect(told.map(({ code }) => code)).toEqual(['storage.newer-schema']);
    await expect(list(database)).rejects.toMatchObject({ code: 'storage.newer-schema' });
    newer.close();
  });

  it('makes way for another tab that deletes everything, and starts afresh', async () => {
    const onSuperseded = vi.fn();
    const database = openDatabase({ onSuperseded });
    const store = new IdbTileStore(database);
    await store.append(datasetInfo('d1', 1, 0), { train: tilesFrom(0, 1), val: [] }, null);
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = resolve;
      request.onerror = reject;
      request.onblocked = reject;
    });
    expect(await store.listDatasets()).toEqual([]);
    expect(onSuperseded).not.toHaveBeenCalled();
  });

  it('is blocked while an older page holds on, and works once that is closed', async () => {
    // A second copy of the module with a later schema plays the newer page.
    const old = await openDB(NAME, 1);
    vi.resetModules();
    vi.doMock('./schema.ts', () => ({ SCHEMA_VERSION: 2, migrate: () => {} }));
    const { openDatabase: openNewer } = await import('./openDatabase.ts');
    vi.doUnmock('./schema.ts');
    vi.resetModules(); // for the files that come after this one
    const database = openNewer();
    const names = () => database.use(async (connection) => connection.version);
    await expect(names()).rejects.toMatchObject({ code: 'storage.blocked' });
    await expect(names()).rejects.toMatchObject({ code: 'storage.blocked' });
    old.close();
    await vi.waitFor(async () => expect(await names()).toBe(2));
  });

  it('gives up on an open that never settles', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => new IDBOpenDBRequest());
    await expect(list(openDatabase({ openTimeoutMs: 20 }))).rejects.toMatchObject({ code: 'storage.blocked' });
  });

  it('reconnects when the browser has dropped the connection', async () => {
    const database = openDatabase();
    const store = new IdbTileStore(database);
    await store.append(datasetInfo('d1', 1, 0), { train: tilesFrom(0, 1), val: [] }, null);
    const first = await connectionOf(database);
    forceCloseDatabase(first as never);
    await store.append(datasetInfo('d1', 2, 0), { train: tilesFrom(1, 1), val: [] }, null);
    expect(await store.read(id, 'train', [0, 1])).toHaveLength(2);
    expect(await connectionOf(database)).not.toBe(first);
  });

  it('tries three times and no more when transactions keep failing', async () => {
    const database = openDatabase();
    const open = vi.spyOn(indexedDB, 'open');
    const work = vi.fn(async () => {
      throw new DOMException('Connection to Indexed Database server lost.', 'UnknownError');
    });
    await expect(database.use(work)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(work).toHaveBeenCalledTimes(3);
    expect(open).toHaveBeenCalledTimes(3);
  });

  it('passes on what it does not know, once and unchanged', async () => {
    const odd = new RangeError('odd');
    const work = vi.fn(async () => {
      throw odd;
    });
    await expect(openDatabase().use(work)).rejects.toBe(odd);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('opens again after close', async () => {
    const database = openDatabase();
    await list(database);
    database.close();
    expect(await list(database)).toEqual([]);
  });
});
