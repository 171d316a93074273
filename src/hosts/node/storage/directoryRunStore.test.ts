// Runs as files: the shared contracts, and what a folder on disk can suffer besides.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunId } from '../../../domain/run.ts';
import { historyPiece } from '../../../session/run/runHistory.ts';
import { crc32 } from '../../../session/storage/crc32.ts';
import { describeCheckpointSlots, describeRunStore } from '../../../testing/runStoreContract.ts';
import { checkpointOf, evaluationAt, metricsOf, RUN, runSummary } from '../../../testing/runStoreData.ts';
import { DirectoryRunStore } from './directoryRunStore.ts';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'udas-runs-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const flipByte = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
};

describeRunStore(
  'DirectoryRunStore',
  async () => new DirectoryRunStore(await newFolder()),
  async () => new DirectoryRunStore(folders.at(-1)!),
);
describeCheckpointSlots('DirectoryRunStore', async () => {
  const folder = await newFolder();
  const path = (name: string) => join(folder, RUN, name);
  return {
    store: new DirectoryRunStore(folder),
    damageNewest: async () => {
      const { current } = JSON.parse(await readFile(path('run.json'), 'utf8'));
      await flipByte(path(`checkpoint-${current}.safetensors`));
    },
    damageAll: async () => {
      await flipByte(path('checkpoint-a.safetensors'));
      await flipByte(path('checkpoint-b.safetensors'));
    },
    damagePiece: async (index, how) => {
      const piece = path(`history-00000${index}.bin`);
      await (how === 'gone' ? rm(piece) : flipByte(piece));
    },
    damageOutput: (name) => flipByte(path(`output-${name}`)),
  };
});

describe('DirectoryRunStore', () => {
  it('finds its runs again in a new process', async () => {
    const folder = await newFolder();
    await new DirectoryRunStore(folder).save(runSummary(2), checkpointOf(2), metricsOf(0, 2), []);
    const { summary, checkpoint } = await new DirectoryRunStore(folder).load(RUN);
    expect(summary).toEqual(runSummary(2));
    expect(checkpoint).toEqual(checkpointOf(2));
  });

  it('ignores a save that died before its pointer moved, and leaves no temporary files', async () => {
    const folder = await newFolder();
    const store = new DirectoryRunStore(folder);
    await store.save(runSummary(2), checkpointOf(2), metricsOf(0, 2), []);
    await writeFile(join(folder, RUN, 'checkpoint-b.safetensors'), checkpointOf(3));
    await writeFile(join(folder, RUN, 'history-000001.bin'), 'half');
    expect((await store.load(RUN)).checkpoint).toEqual(checkpointOf(2));
    await store.save(runSummary(4), checkpointOf(4), metricsOf(2, 4), []);
    expect([...(await store.load(RUN)).metrics['sys/step_ms']!.steps]).toEqual([1, 2, 3, 4]);
    expect((await readdir(join(folder, RUN))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('reads a run that was written before leases and checksums', async () => {
    const folder = await newFolder();
    const path = (name: string) => join(folder, RUN, name);
    const piece = { metrics: metricsOf(0, 4), evaluations: [evaluationAt(4)] };
    const slot = { summary: runSummary(4), sizeBytes: 1000, crc32: crc32(checkpointOf(4)), pieces: 1 };
    await mkdir(join(folder, RUN));
    await writeFile(path('history-000000.bin'), serialize(historyPiece(piece.metrics, piece.evaluations)));
    await writeFile(path('checkpoint-a.safetensors'), checkpointOf(4));
    await writeFile(path('output-st'), checkpointOf(1));
    const row = { format: 1, summary: runSummary(4), current: 'a', slots: { a: slot, b: null } };
    await writeFile(path('run.json'), JSON.stringify(row));
    const store = new DirectoryRunStore(folder);
    expect(await store.load(RUN)).toEqual({ summary: runSummary(4), checkpoint: checkpointOf(4), ...piece, lost: 0 });
    expect(await store.loadOutput(RUN, 'st')).toEqual(checkpointOf(1));
    await store.save(runSummary(6), checkpointOf(6), metricsOf(4, 6), []);
    expect((await store.load(RUN)).metrics['sys/step_ms']?.steps).toHaveLength(6);
  });

  it('passes over other folders, and names a run.json that is none', async () => {
    const folder = await newFolder();
    const store = new DirectoryRunStore(folder);
    await writeFile(join(folder, 'notes.txt'), 'not a run');
    expect(await store.listRuns()).toEqual([]);
    await store.saveSummary(runSummary(0));
    await writeFile(join(folder, RUN, 'run.json'), '{"format":1,"summary":{}}');
    await expect(store.load(RUN)).rejects.toMatchObject({ code: 'storage.corrupt' });
    await mkdir(join(folder, 'stray'));
    await writeFile(join(folder, 'stray', 'run.json'), '{');
    const other = runSummary(2, { runId: 'r2' as RunId });
    await store.save(other, checkpointOf(2), metricsOf(0, 2), []);
    expect(await store.listRuns()).toEqual([other]);
    expect((await store.unreadableRuns()).map(({ runId }) => runId).sort()).toEqual([RUN, 'stray'].sort());
    for (const id of [RUN, 'stray' as RunId, other.runId])
      expect((await store.exportRun(id)).length).toBeGreaterThan(22);
  });

  it('says that a folder cannot be written', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    const store = new DirectoryRunStore(join(folder, 'file'));
    await expect(store.saveSummary(runSummary(0))).rejects.toMatchObject({ code: 'storage.unavailable' });
  });
});
