// Kernel choices as files: the contract, and what a folder on disk can suffer besides.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeTuningStore, TABLE } from '../../../testing/tuningStoreContract.ts';
import { FileTuningStore } from './fileTuningStore.ts';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'udas-kernels-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describeTuningStore('FileTuningStore', async () => new FileTuningStore(join(await newFolder(), 'not', 'yet')));

it('has no table where the file is cut off, and leaves nothing beside it', async () => {
  const folder = await newFolder();
  const store = new FileTuningStore(folder);
  await store.save(TABLE.adapter, TABLE);
  const [name, ...others] = await readdir(folder);
  expect(others).toEqual([]);
  await writeFile(join(folder, name!), '{"format": 1, "ker');
  expect(await store.load(TABLE.adapter)).toBeNull();
});
