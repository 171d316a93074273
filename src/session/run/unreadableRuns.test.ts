// One run that cannot be read never locks the rest: it is listed with its reason, exported and deleted; and runs are ordered by
// when they began, whatever the clock says.
import { Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { newestFirst, nextOrder } from '../../domain/newestFirst.ts';
import type { RunId } from '../../domain/run.ts';
import { checkpointOf, metricsOf, runSummary } from '../../testing/runStoreData.ts';
import { KeptRunStore } from '../storage/runs/keptRunStore.ts';
import { MemoryRunFiles } from '../storage/runs/memoryRunFiles.ts';
import { upToDate } from './upToDateRuns.ts';

const { recipe: _, ...config } = runSummary(0).config;
const version1 = { ...config, schemaVersion: 1, method: { id: 'supervised', params: {} }, steps: 400 };
const rowOf = (summary: object) => ({ summary, current: null, slots: { a: null, b: null } });
const base = runSummary(3);

const UNREADABLE: Record<string, unknown> = {
  garbage: 'not a row',
  nothing: null,
  later: { ...rowOf(base), format: 9 },
  'old-with-more': rowOf({ ...base, config: { ...version1, colour: 'red' } }),
  'later-config': rowOf({ ...base, config: { ...base.config, schemaVersion: 3 } }),
  'no-config': rowOf({ ...base, config: null }),
  'no-progress': rowOf({ ...base, progress: undefined }),
};

async function filled() {
  const files = new MemoryRunFiles();
  const store = upToDate(new KeptRunStore(files, () => 'lease'));
  for (const [id, row] of Object.entries(UNREADABLE)) {
    const named = typeof row === 'object' && row !== null && 'summary' in row;
    const summary = named ? { ...(row.summary as object), runId: id } : undefined;
    await files.write(id as RunId, () => ({ row: (named ? { ...row, summary } : row) as never }));
  }
  const good = runSummary(5, { runId: 'good' as RunId });
  await store.save(good, checkpointOf(5), metricsOf(0, 5), []);
  return { files, store, good };
}

test('what cannot be read is listed with its reason, and the rest opens', async () => {
  const { store, good } = await filled();
  expect(await store.listRuns()).toEqual([good]);
  expect((await store.load(good.runId)).checkpoint).toEqual(checkpointOf(5));
  const unreadable = await store.unreadableRuns();
  expect(unreadable.map(({ runId }) => runId).sort()).toEqual(Object.keys(UNREADABLE).sort());
  const reasons = Object.fromEntries(unreadable.map(({ runId, reason }) => [runId, reason]));
  for (const id of ['garbage', 'nothing', 'later']) expect(reasons[id]?.code, id).toBe('storage.corrupt');
  for (const id of ['old-with-more', 'later-config', 'no-config', 'no-progress'])
    expect(reasons[id]?.code, id).toBe('config.invalid');
});

test('what cannot be read is deleted alone, and exported with all that lies beside it', async () => {
  const { files, store, good } = await filled();
  const garbage = 'garbage' as RunId;
  await files.write(garbage, (row) => ({
    row: row as never,
    put: new Map([['checkpoint-a.safetensors', checkpointOf(2)]]),
  }));
  const entries = await new ZipReader(new Uint8ArrayReader(await store.exportRun(garbage))).getEntries();
  expect(entries.map(({ filename, uncompressedSize }) => [filename, uncompressedSize])).toEqual([
    ['row.json', JSON.stringify('not a row').length],
    ['checkpoint-a.safetensors', checkpointOf(2).length],
  ]);
  for (const id of Object.keys(UNREADABLE)) await store.deleteRun(id as RunId);
  expect(await store.unreadableRuns()).toEqual([]);
  expect(await store.listRuns()).toEqual([good]);
  await expect(store.exportRun(garbage)).rejects.toMatchObject({ code: 'data.not-found' });
});

test('runs are in the order in which they began, whether the clock stood still, went back or was years ahead', () => {
  const began = [9e12, 5000, 5000, 0].map((createdAtMs, i) => ({ createdAtMs, ...(i === 0 ? {} : { order: i }) }));
  expect(newestFirst(began).map(({ order }) => order)).toEqual([3, 2, 1, undefined]);
  expect(nextOrder(began)).toBe(4);
  expect(nextOrder([])).toBe(1);
});
