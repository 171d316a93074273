// Reports and starts of imports: what is refused, what is continued, what is left behind.
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../data/ports.ts';
import type { DatasetId } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ImportOptions } from '../../domain/importing.ts';
import { fileOf } from '../../testing/imageFiles.ts';
import {
  begin,
  contents,
  decodePhoto,
  FILES,
  OPTIONS,
  PAIRS,
  TILE_BYTES,
  Watcher,
} from '../../testing/importHarness.ts';
import { MemoryTileStore } from '../storage/memoryTileStore.ts';

describe('Importer', () => {
  it('refuses impossible options and unknown reports', async () => {
    const importer = new Watcher().importer(new MemoryTileStore());
    const { reportId } = await importer.inspect([]);
    const start = (changes: Partial<ImportOptions>) => importer.start(reportId, { ...OPTIONS, ...changes });
    for (const changes of [
      { name: ' ' },
      { size: { width: 0, height: 4 } },
      { size: { width: 4, height: 1.5 } },
      { holdOut: 0.6 },
    ]) {
      await expect(start(changes)).rejects.toMatchObject({ code: 'config.invalid' });
    }
    await expect(importer.start('report-99', OPTIONS)).rejects.toMatchObject({ code: 'data.not-found' });
  });

  it('tells what could not be listed: first in the report, or as the reason that nothing can be made of the rest', async () => {
    const path = 'street/more.7z';
    const finding = { code: 'data.unsupported-format', path, message: `${path}: closed.`, context: {} } as const;
    const { issues, issueCounts } = await new Watcher()
      .importer(new MemoryTileStore(), decodePhoto, [finding])
      .inspect([]);
    expect(issues[0]).toEqual(finding);
    expect(issueCounts['data.unsupported-format']).toBe(1);
    const readme = [fileOf('street/readme.txt', Uint8Array.of(1))];
    const hopeless = new Watcher().importer(new MemoryTileStore(), decodePhoto, [finding], readme);
    await expect(hopeless.inspect([])).rejects.toMatchObject({
      code: 'data.unknown-layout',
      message: expect.stringContaining(finding.message),
    });
  });

  it('lists the first findings in the report, and keeps all: for the report, and with the dataset', async () => {
    const findings = Array.from({ length: 700 }, (_, n) => {
      const path = `street/lost/${n}.png`;
      return { code: 'data.unreadable-file', path, message: `${path}: gone.`, context: {} } as const;
    });
    const store = new MemoryTileStore();
    const importer = new Watcher().importer(store, decodePhoto, findings);
    const { reportId, issues } = await importer.inspect([]);
    expect(issues).toHaveLength(500);
    expect(importer.findings(reportId).length).toBeGreaterThanOrEqual(700);
    const id = await importer.start(reportId, OPTIONS);
    await importer.session(id)?.settled();
    const journal = await store.journalOf(id);
    const paths = new Set(journal?.issues.map(({ path }) => path));
    expect(findings.every(({ path }) => paths.has(path))).toBe(true);
    // Those of the last pairs, too: every 17th label is cut off.
    expect(paths).toContain('street/labels/0139.png');
    expect(() => importer.findings('report-99')).toThrow(expect.objectContaining({ code: 'data.not-found' }));
  });

  it('continues files whose sizes are known late only if those that it read have the sizes that they had', async () => {
    const store = new MemoryTileStore(100 * TILE_BYTES);
    const unsized = (more: number) =>
      FILES.map((file, index): SourceFile => {
        const bytes = async () => {
          const all = await file.bytes();
          late.sizeBytes = all.length + (index === 0 ? more : 0);
          return all;
        };
        const askSize = async () => {
          if (late.sizeBytes === null) await bytes();
          return late.sizeBytes ?? 0;
        };
        const late: { path: string; sizeBytes: number | null } & Pick<SourceFile, 'bytes' | 'askSize'> = {
          ...{ path: file.path, sizeBytes: null },
          ...{ bytes, askSize },
        };
        return late;
      });
    const importer = (more: number) => new Watcher().importer(store, decodePhoto, [], unsized(more));
    const session = await begin(importer(0));
    expect(await session.settled()).toBe('failed');
    expect((await importer(0).inspect([])).resumes?.nextIndex).toBeGreaterThan(0);
    expect((await importer(1).inspect([])).resumes).toBeNull();
  });

  it('forgets old reports with their files', async () => {
    const importer = new Watcher().importer(new MemoryTileStore());
    const { reportId } = await importer.inspect([]);
    for (let i = 0; i < 4; i++) await importer.inspect([]);
    await expect(importer.start(reportId, OPTIONS)).rejects.toMatchObject({ code: 'data.not-found' });
  });

  it('takes a second start of a running import for the same import', async () => {
    const store = new MemoryTileStore();
    const importer = new Watcher().importer(store);
    const first = await begin(importer);
    const second = await begin(importer);
    expect(second).toBe(first);
    await first.settled();
    expect(await contents(store)).toMatchObject({ described: { state: 'ready' } });
  });

  it('says so when no pair can be used, and leaves nothing behind', async () => {
    const store = new MemoryTileStore();
    const watcher = new Watcher();
    const importer = watcher.importer(store, async (file) => {
      throw new StudioError('data.unreadable-file', `${file.path} is odd.`, 'Replace it.', { path: file.path });
    });
    const session = await begin(importer);
    expect(await session.settled()).toBe('failed');
    expect(watcher.failures).toMatchObject([{ code: 'data.empty-dataset' }]);
    expect(watcher.issues).toHaveLength(PAIRS);
    expect(await store.listDatasets()).toEqual([]);
    expect(importer.session('none' as DatasetId)).toBeUndefined();
  });
});
