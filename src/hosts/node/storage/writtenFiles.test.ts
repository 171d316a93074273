// Files that are written: whole or not at all, and refused before the work that they are for. Disks that refuse are played, for
// whoever runs the tests may be allowed everything.
import * as promises from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFile, checkFolder, makeFolder, type WrittenDisk, writeWhole } from './writtenFiles.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'written-'));
  await writeFile(at('file'), 'old');
  await promises.mkdir(at('folder'));
});
afterEach(() => rm(folder, { recursive: true }));

const systemError = (code: string) => Object.assign(new Error(code), { code });
/** A disk on which one operation fails. */
const refusing = (operation: keyof WrittenDisk, code: string): WrittenDisk => ({
  ...promises,
  [operation]: () => Promise.reject(systemError(code)),
});
/** A disk that takes half of a file. */
const full: WrittenDisk = {
  ...promises,
  open: async (...args: Parameters<typeof promises.open>) => {
    const file = await promises.open(...args);
    file.writeFile = async (contents) => {
      await file.write(String(contents).slice(0, 1));
      throw systemError('ENOSPC');
    };
    return file;
  },
};

test.each([
  ['a new file', 'new', null],
  ['an existing one', 'file', null],
  ['a device', '/dev/null', null],
  ['a folder', 'folder', 'config.invalid'],
  ['a file in a missing folder', 'missing/new', 'data.not-found'],
  ['a file in a file', 'file/new', 'config.invalid'],
])('%s as a file to write', async (_, name, code) => {
  const path = name.startsWith('/') ? name : at(name);
  const checked = checkFile('out', path);
  await (code === null ? checked : expect(checked).rejects.toMatchObject({ code }));
  expect((await readdir(folder)).toSorted()).toEqual(['file', 'folder']);
  expect(await readdir(at('folder'))).toEqual([]);
});

test.each([
  ['an existing folder', 'folder', null],
  ['new ones', 'new/newer', null],
  ['a file', 'file', 'config.invalid'],
  ['a folder in a file', 'file/new/newer', 'config.invalid'],
])('%s as a folder to write', async (_, name, code) => {
  const checked = checkFolder('out', at(name));
  await (code === null ? checked : expect(checked).rejects.toMatchObject({ code, context: { key: 'out' } }));
  expect((await readdir(folder)).toSorted()).toEqual(['file', 'folder']);
});

test.each([
  ['open', 'EACCES', 'storage.unavailable'],
  ['open', 'EROFS', 'storage.unavailable'],
  ['open', 'ENOSPC', 'storage.quota'],
  ['stat', 'EACCES', 'data.unreadable-file'],
] as const)('a disk whose %s fails with %s is refused beforehand', async (operation, reason, code) => {
  const disk = refusing(operation, reason);
  const wanted = { code, context: { reason } };
  await expect(checkFile('out', at('new'), disk)).rejects.toMatchObject(wanted);
  await expect(checkFolder('out', at('new'), disk)).rejects.toMatchObject(wanted);
});

test.each([
  [refusing('open', 'EACCES'), 'storage.unavailable'],
  [refusing('rename', 'EPERM'), 'storage.unavailable'],
  [refusing('rename', 'EIO'), 'storage.unavailable'],
  [full, 'storage.quota'],
] as const)('a write that fails leaves the old file and nothing beside it (%#)', async (disk, code) => {
  await expect(writeWhole(at('file'), 'new', disk)).rejects.toMatchObject({ code });
  expect(await readFile(at('file'), 'utf8')).toBe('old');
  expect((await readdir(folder)).toSorted()).toEqual(['file', 'folder']);
});

test('a write replaces the file, also behind a link; folders are made', async () => {
  await symlink(at('file'), at('link'));
  await writeWhole(at('link'), 'new');
  expect(await readFile(at('file'), 'utf8')).toBe('new');
  expect((await promises.lstat(at('link'))).isSymbolicLink()).toBe(true);
  await makeFolder(at('new', 'newer'));
  await writeWhole(at('new', 'newer', 'bytes'), Uint8Array.of(1, 2));
  expect([...(await readFile(at('new', 'newer', 'bytes')))]).toEqual([1, 2]);
  await expect(makeFolder(at('file', 'new'))).rejects.toMatchObject({ code: 'storage.unavailable' });
});

test('what does not come from the system stays what it is', async () => {
  const disk: WrittenDisk = { ...promises, rename: () => Promise.reject(new TypeError('a slip')) };
  await expect(writeWhole(at('file'), 'new', disk)).rejects.toThrow(TypeError);
});
