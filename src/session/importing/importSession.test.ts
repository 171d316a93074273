// Imports that are paused, killed at random moments, cancelled, or run into a full disk: whatever happens, the store
// ends with the tiles of an import that nothing happened to, or with those of its first batches.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PhotoDecoder, TileStore } from '../../data/ports.ts';
import { IGNORE } from '../../domain/classes.ts';
import type { Tile } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { RandomStream } from '../../domain/rng.ts';
import { IdbTileStore } from '../../hosts/browser/idbTileStore.ts';
import { openDatabase } from '../../hosts/browser/openDatabase.ts';
import {
  begin,
  contents,
  decodePhoto,
  FILES,
  OPTIONS,
  PAIRS,
  SIZE,
  TILE_BYTES,
  Watcher,
} from '../../testing/importHarness.ts';
import { MemoryTileStore } from '../storage/memoryTileStore.ts';
import type { ImportSession } from './importSession.ts';

let undisturbed: unknown;
async function importUndisturbed(): Promise<unknown> {
  const store = new MemoryTileStore();
  await (await begin(new Watcher().importer(store))).settled();
  return contents(store);
}

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  undisturbed ??= await importUndisturbed();
});

describe('an import that nothing happens to', () => {
  it('stores every usable pair once and counts what it stored', async () => {
    const store = new MemoryTileStore();
    const watcher = new Watcher();
    const session = await begin(watcher.importer(store));
    expect(await session.settled()).toBe('done');
    const [info] = await store.listDatasets();
    const broken = FILES.filter(({ sizeBytes }) => sizeBytes === 50).length;
    expect(info!.splits.train.tiles + info!.splits.val.tiles).toBe(PAIRS - broken);
    expect(info!.splits.val.tiles).toBeGreaterThan(15);
    expect(info).toMatchObject({ state: 'ready', layout: 'plain', name: 'Street', size: SIZE });
    expect(watcher.issues.map(({ code }) => code)).toEqual(Array(broken).fill('data.unreadable-file'));

    const pixels = new Array<number>(20).fill(0);
    let [labelled, bytes] = [0, 0];
    for (const split of ['train', 'val'] as const) {
      const tiles = await store.read(info!.id, split, [...Array(info!.splits[split].tiles).keys()]);
      expect(new Set(tiles.map(({ name }) => name)).size).toBe(tiles.length);
      for (const { image, labels } of tiles) {
        bytes += image.length + (labels?.length ?? 0);
        if (split === 'train' && labels !== null) labelled++;
        if (split === 'train') for (const id of labels ?? []) pixels[id === IGNORE ? 19 : id]!++;
      }
    }
    expect(info!.classPixels).toEqual(pixels);
    expect(info!.splits.train.labelled).toBe(labelled);
    expect(info!.sizeBytes).toBe(bytes);
    const journal = await store.findJournal((await new Watcher().importer(store).inspect([])).reportId);
    expect(journal).toBeNull();
  });

  it('can be trained on from its first batch: every tile it counts is there', async () => {
    const store = new MemoryTileStore();
    const watcher = new Watcher();
    const reads: Promise<readonly Tile[]>[] = [];
    const session = await begin(watcher.importer(store));
    watcher.onProgress = () => {
      const { id, splits } = session.info;
      reads.push(store.read(id, 'train', [...Array(splits.train.tiles).keys()]));
    };
    await session.settled();
    expect((await Promise.all(reads)).map(({ length }) => length)).toContain(session.info.splits.train.tiles);
    const counts = watcher.infos.map((info) => info!.splits.train.tiles + info!.splits.val.tiles);
    expect(counts.slice(0, 2)).toEqual([64, 128]);
    expect(watcher.infos.slice(0, 2).every((info) => info!.state === 'importing')).toBe(true);
  });

  it('reports at most twice a second, and every change of status', async () => {
    const watcher = new Watcher();
    const at: number[] = [];
    watcher.onProgress = () => at.push(watcher.nowMs);
    const session = await begin(watcher.importer(new MemoryTileStore()));
    await session.settled();
    const running = watcher.progress.filter(({ status }) => status === 'running');
    expect(running.length).toBeGreaterThan(1);
    for (let i = 1; i < running.length; i++) expect(at[i]! - at[i - 1]!).toBeGreaterThanOrEqual(500);
    expect(watcher.progress.at(-1)).toMatchObject({ status: 'done', pairsDone: PAIRS, pairsTotal: PAIRS, leftMs: 0 });
    expect(watcher.progress.at(-1)!.elapsedMs).toBeGreaterThan(PAIRS);
    expect(running[0]!.leftMs).toBeNull();
    expect(running.at(-1)!.leftMs).toBeGreaterThan(0);
  });
});

/** A store and a decoder that stop answering after a number of calls, as those of a closed tab do. */
function mortal(
  store: TileStore,
  calls: number,
  dieAfterWrite: boolean,
): { store: TileStore; decode: PhotoDecoder['decode'] } {
  let left = calls;
  const never = new Promise<never>(() => {});
  const isAlive = (): boolean => left-- > 0;
  return {
    decode: async (file) => (isAlive() ? decodePhoto(file) : never),
    store: {
      listDatasets: () => store.listDatasets(),
      read: (...args) => store.read(...args),
      deleteDataset: (id) => store.deleteDataset(id),
      findJournal: (fingerprint) => store.findJournal(fingerprint),
      journalOf: (id) => store.journalOf(id),
      freeBytes: () => store.freeBytes(),
      append: async (...args) => {
        if (isAlive()) return store.append(...args);
        if (left === -1 && dieAfterWrite) await store.append(...args);
        return never;
      },
    },
  };
}

describe('an import whose tab is killed', () => {
  const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

  /** Runs a session that dies; resolves when nothing in it moves any more. */
  async function dieOnce(store: TileStore, random: RandomStream): Promise<void> {
    const watcher = new Watcher();
    // Inspection decodes some pairs too: it is always survived, so that death strikes the import.
    const calls = { inspecting: true };
    const { resumes: before } = await watcher.importer(store).inspect([]);
    const life = mortal(store, 1 + random.integer(PAIRS - (before?.nextIndex ?? 0)), random.uniform() < 0.5);
    const importer = watcher.importer(life.store, (file) => (calls.inspecting ? decodePhoto(file) : life.decode(file)));
    const { reportId, resumes } = await importer.inspect([]);
    calls.inspecting = false;
    const [stored] = await store.listDatasets();
    expect(resumes?.datasetId ?? null).toBe(stored?.id ?? null);
    const started = importer.start(reportId, OPTIONS).then((id) => importer.session(id)?.settled());
    let quiet = 0;
    for (let before = ''; quiet < 3; ) {
      await tick();
      const now = JSON.stringify([watcher.nowMs, watcher.infos.length]);
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
    void started;
  }

  async function finish(store: TileStore): Promise<{ decoded: number; resumedAt: number }> {
    let decoded = 0;
    const watcher = new Watcher();
    const importer = watcher.importer(store, (file) => {
      decoded++;
      return decodePhoto(file);
    });
    const { reportId, resumes } = await importer.inspect([]);
    decoded = 0;
    const session = importer.session(await importer.start(reportId, OPTIONS))!;
    expect(await session.settled()).toBe('done');
    return { decoded, resumedAt: resumes?.nextIndex ?? 0 };
  }

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'continues at the next pair, without gaps or doubles (seed %i)',
    async (seed) => {
      const random = new RandomStream(seed, 'kill');
      const store = new MemoryTileStore();
      const isComplete = async () => (await store.listDatasets())[0]?.state === 'ready';
      // Who dies right after the last write has lost nothing.
      for (let deaths = 1 + random.integer(3); deaths > 0 && !(await isComplete()); deaths--)
        await dieOnce(store, random);
      if (!(await isComplete())) {
        const { decoded, resumedAt } = await finish(store);
        expect(decoded).toBe(PAIRS - resumedAt);
      }
      expect(await contents(store)).toEqual(undisturbed);
    },
  );

  it.each([100, 101, 102])('does so in IndexedDB, on a new connection (seed %i)', async (seed) => {
    const random = new RandomStream(seed, 'kill');
    await dieOnce(new IdbTileStore(openDatabase()), random);
    const store = new IdbTileStore(openDatabase());
    await finish(store);
    expect(await contents(store)).toEqual(undisturbed);
  });

  it('tells the findings of its first part again when it continues', async () => {
    const store = new MemoryTileStore();
    const first = new Watcher();
    const session = await begin(first.importer(store));
    first.onProgress = ({ pairsDone }) => pairsDone > 100 && session.pause();
    await session.settled();
    const second = new Watcher();
    await (await begin(second.importer(store))).settled();
    const whole = new Watcher();
    await (await begin(whole.importer(new MemoryTileStore()))).settled();
    expect(first.issues.length).toBeGreaterThan(0);
    expect(second.issues).toEqual(whole.issues);
  });

  it('does not continue with tiles of another size, but starts another dataset', async () => {
    const store = new MemoryTileStore();
    await dieOnce(store, new RandomStream(1, 'other'));
    const size = { width: 4, height: 4 };
    const session = await begin(new Watcher().importer(store), { ...OPTIONS, size });
    await session.settled();
    const infos = await store.listDatasets();
    expect(infos).toHaveLength(2);
    expect(infos.find(({ id }) => id === session.info.id)).toMatchObject({ size, state: 'ready' });
  });
});

describe('a paused import', () => {
  it('writes nothing more, and continues to the same end', async () => {
    const store = new MemoryTileStore();
    let appends = 0;
    const append = store.append.bind(store);
    store.append = (...args) => {
      appends++;
      return append(...args);
    };
    const watcher = new Watcher();
    const session = await begin(watcher.importer(store));
    watcher.onProgress = ({ pairsDone, status }) => status === 'running' && pairsDone >= 70 && session.pause();
    expect(await session.settled()).toBe('paused');
    const [atPause, stored] = [appends, JSON.stringify(await store.listDatasets())];
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(appends).toBe(atPause);
    expect(JSON.stringify(await store.listDatasets())).toBe(stored);
    const { pairsDone, tilesWritten } = watcher.progress.at(-1)!;
    expect(pairsDone).toBeGreaterThanOrEqual(70);
    expect(pairsDone).toBeLessThan(PAIRS);
    expect(tilesWritten).toBe(session.info.splits.train.tiles + session.info.splits.val.tiles);
    watcher.onProgress = () => {};
    session.resume();
    expect(await session.settled()).toBe('done');
    expect(await contents(store)).toEqual(undisturbed);
  });

  it('is not lost when paused and resumed at once', async () => {
    const store = new MemoryTileStore();
    const session = await begin(new Watcher().importer(store));
    session.pause();
    session.resume();
    expect(await session.settled()).toBe('done');
    expect(await contents(store)).toEqual(undisturbed);
  });
});

describe('an import that meets a full disk', () => {
  it('keeps what was stored, says so, and goes on when there is room', async () => {
    const store = new MemoryTileStore(100 * TILE_BYTES);
    const watcher = new Watcher();
    const session = await begin(watcher.importer(store));
    expect(await session.settled()).toBe('failed');
    expect(watcher.failures).toMatchObject([{ code: 'storage.quota' }]);
    const { id, splits, state } = (await store.listDatasets())[0]!;
    expect(splits.train.tiles + splits.val.tiles).toBe(64);
    expect(state).toBe('importing');
    expect(await store.read(id, 'train', [0, splits.train.tiles - 1])).toHaveLength(2);
    expect(watcher.progress.at(-1)).toMatchObject({ status: 'failed', tilesWritten: 64 });

    Object.assign(store, { limitBytes: Number.POSITIVE_INFINITY });
    session.resume();
    expect(await session.settled()).toBe('done');
    expect(await contents(store)).toEqual(undisturbed);
  });

  it('refuses to start where not even the description fits', async () => {
    const store = new MemoryTileStore();
    store.append = async () => {
      throw new StudioError('storage.quota', 'Full.', 'Delete something.');
    };
    await expect(begin(new Watcher().importer(store))).rejects.toMatchObject({ code: 'storage.quota' });
  });
});

describe('a cancelled import', () => {
  it.each([1, 70, 145])('leaves nothing behind (cancelled after %i pairs)', async (pairs) => {
    const store = new MemoryTileStore();
    const watcher = new Watcher();
    let decoded = 0;
    let session: ImportSession | null = null;
    const importer = watcher.importer(store, (file) => {
      if (session !== null && ++decoded === pairs) session.cancel();
      return decodePhoto(file);
    });
    session = await begin(importer);
    expect(await session.settled()).toBe('cancelled');
    expect(await store.listDatasets()).toEqual([]);
    expect(watcher.infos.at(-1)).toBeNull();
    session.resume();
    expect(await session.settled()).toBe('cancelled');
  });

  it('can be cancelled while paused, and after a full disk', async () => {
    for (const limit of [Number.POSITIVE_INFINITY, 10 * TILE_BYTES]) {
      const store = new MemoryTileStore(limit);
      const session = await begin(new Watcher().importer(store));
      session.pause();
      await session.settled();
      session.cancel();
      expect(await session.settled()).toBe('cancelled');
      expect(await store.listDatasets()).toEqual([]);
    }
  });

  it('comes too late for a complete dataset', async () => {
    const store = new MemoryTileStore();
    const session = await begin(new Watcher().importer(store));
    await session.settled();
    session.cancel();
    expect(await session.settled()).toBe('done');
    expect(await contents(store)).toEqual(undisturbed);
  });
});
