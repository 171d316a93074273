// Datasets of the command line: another process that is given the same folders has to find its run again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { FolderDatasets } from './folderDatasets.ts';

const SIZE = { width: 32, height: 16 };
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

function folderOf(pairs: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'));
  folders.push(folder);
  const { width, height } = SIZE;
  for (const [name, ends, png] of [
    ['images', '', photoPng(width, height)],
    ['labels', '_labelTrainIds', greyPng(width, height, 7)],
  ] as const) {
    mkdirSync(join(folder, name));
    for (let i = 0; i < pairs; i++) writeFileSync(join(folder, name, `${i}${ends}.png`), png);
  }
  return folder;
}

it('calls a folder the same in every process, and otherwise where it is used otherwise', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const folder = folderOf(5);
  const use = { holdOut: 0.2 };
  const [first, second] = [new FolderDatasets(SIZE), new FolderDatasets(SIZE)];
  const ref = await first.add(folder, use);
  expect(await second.add(folder, use)).toEqual(ref);
  expect(await second.add(folder, { holdOut: 0, onlyValidation: true })).not.toEqual(ref);
  expect(await second.add(folderOf(5), use)).not.toEqual(ref);
  expect((await first.source(ref)).info.splits).toMatchObject({ train: { tiles: 4 }, val: { tiles: 1 } });
  const all = await second.add(folder, { holdOut: 0, onlyValidation: true });
  expect((await second.source(all)).info.splits.val.tiles).toBe(5);
});
