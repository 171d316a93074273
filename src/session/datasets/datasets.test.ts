// The catalogue of datasets as the studio sees it: what is listed in which state, what can be read, and which events
// tell of a change. How an import survives is tested with the import session.
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventName, Events } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import type { SourceFile, TileStore } from '../../data/ports.ts';
import { type DatasetId, type DatasetRef, DEFAULT_SCENES } from '../../domain/dataset.ts';
import type { ImportOptions } from '../../domain/importing.ts';
import { fileOf, greyPng } from '../../testing/imageFiles.ts';
import { MemoryTileStore } from '../storage/memoryTileStore.ts';
import { createDatasets, type Datasets } from './datasets.ts';

const SIZE = { width: 4, height: 4 };
const OPTIONS: ImportOptions = { name: 'Mine', size: SIZE, mode: 'resize', holdOut: 0.25 };
const PAIRS = 100;

const files: readonly SourceFile[] = Array.from({ length: PAIRS }, (_, n) => {
  const name = String(n).padStart(3, '0');
  return [
    fileOf(`mine/images/${name}.png`, Uint8Array.of(n)),
    fileOf(`mine/labels/${name}_labelTrainIds.png`, n === 5 ? Uint8Array.of(1) : greyPng(4, 4, n % 19)),
  ];
}).flat();

let events: { name: EventName; body: unknown }[];
let store: TileStore;
/** Called for every photo; what it returns is awaited before the photo is handed out. */
let onDecode: (path: string) => Promise<void> | undefined;

function open(tileStore = store): Datasets {
  const emit: Emit = (name, body) => events.push({ name, body });
  return createDatasets(
    {
      tileStore,
      decoder: {
        decode: async (file) => {
          await onDecode(file.path);
          const [seed = 0] = await file.bytes();
          return { ...SIZE, data: Uint8Array.from({ length: 48 }, (_, i) => i + seed) };
        },
      },
      openFiles: async () => ({ files, findings: [] }),
    },
    emit,
  );
}

const told = <N extends EventName>(name: N): Events[N][] =>
  events.filter((event) => event.name === name).map(({ body }) => body as Events[N]);

async function start(datasets: Datasets): Promise<DatasetId> {
  const { reportId } = await datasets.inspect([]);
  return datasets.start(reportId, OPTIONS);
}

async function imported(datasets: Datasets): Promise<DatasetId> {
  const id = await start(datasets);
  expect(await datasets.settled(id)).toBe('done');
  return id;
}

beforeEach(() => {
  events = [];
  store = new MemoryTileStore();
  onDecode = () => undefined;
});

describe('built-in scenes', () => {
  const scenes = (role: 'game' | 'camera'): DatasetRef => ({ kind: 'scenes', role, settings: DEFAULT_SCENES });

  it('are described, read and previewed without any import', async () => {
    const datasets = open();
    const { info } = await datasets.source(scenes('camera'));
    expect(info).toMatchObject({ origin: 'scenes', size: DEFAULT_SCENES.size, state: 'ready' });
    const [tile] = await datasets.tiles(scenes('game'), 'val', [0]);
    expect(tile!.image).toHaveLength(128 * 64 * 3);
    expect(tile!.labels).toHaveLength(128 * 64);
    const [preview] = await datasets.preview('game', DEFAULT_SCENES, [3]);
    expect(preview).toEqual((await datasets.tiles(scenes('game'), 'train', [3]))[0]);
    expect(await datasets.list()).toEqual([]);
  });
});

describe('an import', () => {
  it('is reported before anything is written', async () => {
    const report = await open(new MemoryTileStore(5000)).inspect([]);
    expect(report).toMatchObject({ layout: 'plain', freeBytes: 5000, resumes: null, fileCount: 2 * PAIRS });
    expect(report.reportId).not.toBe('');
    expect(await store.listDatasets()).toEqual([]);
    expect(events).toEqual([]);
  });

  it('is told from start to end, its findings once', async () => {
    const datasets = open();
    const id = await imported(datasets);
    await expect.poll(() => told('dataset.changed').at(-1)?.datasets[0]?.state).toBe('ready');
    const statuses = told('import.progress').map(({ progress }) => progress.status);
    expect([statuses[0], statuses.at(-1)]).toEqual(['running', 'done']);
    const issues = told('import.issues').flatMap((event) => event.issues);
    expect(issues).toMatchObject([{ code: 'data.unreadable-file', path: 'mine/labels/005_labelTrainIds.png' }]);
    const { splits } = (await datasets.source({ kind: 'imported', id })).info;
    expect(splits.train.tiles + splits.val.tiles).toBe(PAIRS - 1);
    const [tile] = await datasets.tiles({ kind: 'imported', id }, 'val', [0]);
    expect(tile!.labels).toHaveLength(16);
    expect(() => datasets.pause(id)).toThrow(expect.objectContaining({ code: 'data.not-found' }));
  });

  it('feeds a source that grows while it is trained on', async () => {
    const datasets = open();
    let openGate = (): void => {};
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    const { reportId } = await datasets.inspect([]);
    onDecode = (path) => (path.includes('095') ? gate : undefined);
    const id = await datasets.start(reportId, OPTIONS);
    await expect.poll(() => told('dataset.changed').at(-1)?.datasets[0]?.sizeBytes).toBeGreaterThan(0);
    const source = await datasets.source({ kind: 'imported', id });
    expect(source.info.state).toBe('importing');
    const before = source.info.splits.train.tiles;
    expect(await source.read('train', [before - 1])).toHaveLength(1);
    openGate();
    await datasets.settled(id);
    expect(source.info.splits.train.tiles).toBeGreaterThan(before);
    expect(source.info.state).toBe('ready');
  });

  it('shows as interrupted in another session, and continues there with the same files', async () => {
    const first = open();
    const { reportId: firstReport } = await first.inspect([]);
    onDecode = async (path) => {
      if (path.includes('080')) first.pause((await store.listDatasets())[0]!.id);
    };
    const id = await first.start(firstReport, OPTIONS);
    expect(await first.settled(id)).toBe('paused');
    expect((await first.list())[0]?.state).toBe('importing');

    onDecode = () => undefined;
    const second = open();
    expect((await second.list())[0]).toMatchObject({ id, state: 'interrupted' });
    expect(() => second.resume(id)).toThrow(expect.objectContaining({ code: 'data.not-found' }));
    const { reportId, resumes } = await second.inspect([]);
    expect(resumes).toMatchObject({ datasetId: id, options: OPTIONS });
    expect(await second.start(reportId, { ...OPTIONS, name: 'Renamed' })).toBe(id);
    expect(await second.settled(id)).toBe('done');
    expect(await second.list()).toMatchObject([{ id, name: 'Renamed', state: 'ready' }]);
  });

  it('that fails says why, shows as interrupted, and can be tried again', async () => {
    store = new MemoryTileStore(70 * 64);
    const datasets = open();
    const id = await start(datasets);
    expect(await datasets.settled(id)).toBe('failed');
    expect(told('failure')).toMatchObject([{ error: { code: 'storage.quota' } }]);
    expect((await datasets.list())[0]).toMatchObject({ id, state: 'interrupted' });
    Object.assign(store, { limitBytes: 1e9 });
    datasets.resume(id);
    expect(await datasets.settled(id)).toBe('done');
    expect((await datasets.list())[0]?.state).toBe('ready');
  });

  it('is gone after cancelling', async () => {
    const datasets = open();
    const id = await start(datasets);
    datasets.cancel(id);
    expect(await datasets.settled(id)).toBe('cancelled');
    await expect.poll(() => told('dataset.changed').at(-1)?.datasets).toEqual([]);
    await expect(datasets.source({ kind: 'imported', id })).rejects.toMatchObject({ code: 'data.not-found' });
  });
});

describe('deleting', () => {
  it('removes a complete dataset and tells of it', async () => {
    const datasets = open();
    const id = await imported(datasets);
    expect(await datasets.remove(id)).toEqual([]);
    await expect.poll(() => told('dataset.changed').at(-1)?.datasets).toEqual([]);
    await expect(datasets.tiles({ kind: 'imported', id }, 'train', [0])).rejects.toMatchObject({
      code: 'data.not-found',
    });
  });

  it('stops an import that is under way first', async () => {
    const datasets = open();
    const id = await start(datasets);
    expect(await datasets.remove(id)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await store.listDatasets()).toEqual([]);
    expect(told('failure')).toEqual([]);
  });
});

it('passes over a stored dataset that is none, names it once, and lists the others', async () => {
  const id = await imported(open());
  const kept = await store.listDatasets();
  const listDatasets = async () => [{ id: 'odd', name: 'Odd' }, null, ...kept] as typeof kept;
  const datasets = open({ ...storeMethods(store), listDatasets });
  for (let i = 0; i < 2; i++) expect((await datasets.list()).map((info) => info.id)).toEqual([id]);
  expect(told('failure').map(({ error }) => [error.code, error.context.datasetId])).toEqual([
    ['storage.corrupt', 'odd'],
    ['storage.corrupt', 'undefined'],
  ]);
});

const storeMethods = (kept: TileStore): TileStore => ({
  listDatasets: () => kept.listDatasets(),
  append: (...given) => kept.append(...given),
  read: (...given) => kept.read(...given),
  deleteDataset: (given) => kept.deleteDataset(given),
  findJournal: (given) => kept.findJournal(given),
  journalOf: (given) => kept.journalOf(given),
  freeBytes: () => kept.freeBytes(),
});
