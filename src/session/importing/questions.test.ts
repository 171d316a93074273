// An import whose labels can be read in two ways: it asks, and goes on as it is told.
import { beforeEach, describe, expect, it } from 'vitest';
import type { SourceFile } from '../../data/ports.ts';
import type { ImportReport } from '../../domain/importing.ts';
import { fileOf, greyPng } from '../../testing/imageFiles.ts';
import { decodePhoto, OPTIONS, Watcher } from '../../testing/importHarness.ts';
import { MemoryTileStore } from '../storage/memoryTileStore.ts';
import { Importer } from './importer.ts';

/** Road and sidewalk, or sky and building, or nothing at all: as one likes. */
const FILES: readonly SourceFile[] = [0, 1, 2].flatMap((n) => [
  fileOf(`d/images/${n}.png`, Uint8Array.of(n)),
  fileOf(
    `d/labels/${n}.png`,
    greyPng(
      8,
      4,
      Uint8Array.from({ length: 32 }, (_, i) => (i < 16 ? 0 : 1)),
    ),
  ),
]);

let store: MemoryTileStore;
let importer: Importer;
let report: ImportReport;
const openFiles = async () => ({ files: FILES, findings: [] });

beforeEach(async () => {
  store = new MemoryTileStore();
  const watcher = new Watcher();
  importer = new Importer({
    tileStore: store,
    decoder: { decode: decodePhoto },
    openFiles,
    clock: { nowMs: () => 0, wallClockMs: () => 1_700_000_000_000 },
    observe: () => ({
      progress: (progress) => watcher.progress.push(progress),
      issues: (issues) => watcher.issues.push(...issues),
      dataset: (info) => watcher.infos.push(info),
      failure: (error) => watcher.failures.push(error),
    }),
  });
  report = await importer.inspect([]);
});

describe('labels that can be read in several ways', () => {
  it('are a question with every reading beside a photo; nothing is imported before it is answered', async () => {
    expect(report.coding).toMatchObject({ id: null, certainty: 'ambiguous' });
    expect(report.questions).toEqual([{ kind: 'coding' }]);
    const candidates = report.coding.candidates.map(({ id }) => id);
    expect(candidates).toEqual(expect.arrayContaining(['train-ids', 'camvid-11']));
    for (const id of candidates) expect(report.previews[0]?.labels[id]?.length).toBe(32);
    await expect(importer.start(report.reportId, OPTIONS)).rejects.toMatchObject({ code: 'data.open-question' });
    expect(await store.listDatasets()).toEqual([]);
  });

  it.each([
    ['train-ids', [0, 1]],
    ['camvid-11', [10, 2]],
  ] as const)('are read as %s when that is said, and the dataset keeps it', async (coding, [upper, lower]) => {
    const answered = await importer.choose(report.reportId, { coding });
    expect(answered.questions).toEqual([]);
    const id = await importer.start(answered.reportId, OPTIONS);
    await importer.session(id)?.settled();
    const [info] = await store.listDatasets();
    expect(info?.coding).toMatchObject({ id: coding, certainty: 'named' });
    const [tile] = await store.read(id, 'train', [0]);
    expect([tile?.labels?.[0], tile?.labels?.[31]]).toEqual([upper, lower]);
    expect((await store.journalOf(id))?.choices).toEqual({ coding });
  });

  it('can be given a table of one’s own, with classes of its own names', async () => {
    const table = { name: 'mine.csv', text: 'value,class\n0,lawn\n1,path\n' };
    const answered = await importer.choose(report.reportId, { table });
    const id = await importer.start(answered.reportId, OPTIONS);
    await importer.session(id)?.settled();
    const [info] = await store.listDatasets();
    expect(info?.classes?.map(({ name }) => name)).toEqual(['lawn', 'path']);
    expect(info?.classPixels.length).toBe(3);
  });

  it('are another import under another answer', async () => {
    const first = await importer.choose(report.reportId, { coding: 'train-ids' });
    await importer.start(first.reportId, OPTIONS);
    const second = await importer.choose(report.reportId, { coding: 'camvid-11' });
    expect(second.resumes).toBeNull();
  });

  it('refuse a coding that there is not, and a report that is gone', async () => {
    await expect(importer.choose(report.reportId, { coding: 'none' })).rejects.toMatchObject({
      code: 'config.invalid',
    });
    await expect(importer.choose('report-99', {})).rejects.toMatchObject({ code: 'data.not-found' });
  });
});
