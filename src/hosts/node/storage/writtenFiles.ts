// Files that commands and stores write: looked at before the work whose results they take, and written whole or not at all.
import * as promises from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StudioError } from '../../../domain/errors.ts';
import { isMissing, readError, writeError } from './fileErrors.ts';
import { hiddenFile, removeStray } from './hiddenFiles.ts';

/** What writing asks of the disk; tests answer as disks that refuse. */
export type WrittenDisk = Pick<typeof promises, 'mkdir' | 'open' | 'realpath' | 'rename' | 'rm' | 'stat'>;

/** Throws `config.invalid`, `data.not-found`, `storage.*` unless `--option path` can be written as a file. Leaves no trace. */
export async function checkFile(option: string, path: string, disk: WrittenDisk = promises): Promise<void> {
  const info = await lookAt(path, disk);
  if (info?.isDirectory()) throw refused(option, path, 'is a folder', 'a file');
  if (info !== null && !info.isFile()) return;
  const folder = dirname(resolve(path));
  const above = await lookAt(folder, disk);
  if (above === null) {
    const advice = 'Create it, or choose another place.';
    throw new StudioError('data.not-found', `--${option} ${path}: the folder ${folder} does not exist.`, advice, {
      path: folder,
    });
  }
  if (!above.isDirectory()) throw refused(option, path, `lies in ${folder}, which is no folder`, 'a file in a folder');
  await tryIn(folder, disk);
}

/** As {@link checkFile} for a folder that may have to be created. */
export async function checkFolder(option: string, path: string, disk: WrittenDisk = promises): Promise<void> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const info = await lookAt(folder, disk);
    if (info?.isDirectory()) return tryIn(folder, disk);
    if (info !== null) {
      const what = folder === resolve(path) ? 'is a file' : `lies in ${folder}, which is a file`;
      throw refused(option, path, what, 'a folder');
    }
    if (dirname(folder) === folder) throw refused(option, path, 'has no folder above it', 'a folder');
  }
}

/** Creates a folder and those above it. Throws `storage.*`. */
export async function makeFolder(path: string, disk: WrittenDisk = promises): Promise<void> {
  await disk.mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw writeError(path, error);
  });
}

/**
 * Replaces a file as a whole: a reader sees the old bytes or the new ones, also after a power cut. Follows a link; devices and
 * pipes are written to as they are. Throws `storage.*`, leaving nothing.
 */
export async function writeWhole(
  path: string,
  contents: string | Uint8Array,
  disk: WrittenDisk = promises,
): Promise<void> {
  try {
    const info = await lookAt(path, disk);
    if (info !== null && !info.isFile()) return await fill(path, 'w', contents, disk);
    const target = info === null ? path : await disk.realpath(path);
    const folder = dirname(target);
    await removeStray(folder);
    const beside = hiddenFile(folder);
    try {
      await fill(beside, 'wx', contents, disk);
      await disk.rename(beside, target);
    } catch (error) {
      await disk.rm(beside, { force: true }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw writeError(path, error);
  }
}

async function fill(path: string, flags: 'w' | 'wx', contents: string | Uint8Array, disk: WrittenDisk): Promise<void> {
  const file = await disk.open(path, flags);
  try {
    await file.writeFile(contents);
    if (flags === 'wx') await file.sync();
  } finally {
    await file.close();
  }
}

/** Null where nothing is. */
async function lookAt(path: string, disk: WrittenDisk) {
  try {
    return await disk.stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw readError(path, error);
  }
}

/** Only a file that was created tells whether one can be: rights, read-only disks and full ones look alike beforehand. */
async function tryIn(folder: string, disk: WrittenDisk): Promise<void> {
  const probe = hiddenFile(folder);
  try {
    await fill(probe, 'wx', '', disk);
    await disk.rm(probe);
  } catch (error) {
    throw writeError(folder, error);
  }
}

const refused = (option: string, path: string, what: string, wanted: string): StudioError =>
  new StudioError('config.invalid', `--${option} ${path} ${what}.`, `Give ${wanted}.`, { key: option, value: path });
