// Folders and archives on disk as the list of files that a drop in the browser would give: paths begin with the folder's
// own name, archives are opened, links are followed, and what cannot be reached is a finding.
import type { Dirent } from 'node:fs';
import * as promises from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Drop } from '../../../data/importing/archives/drop.ts';
import { isNamedArchive, mayBeArchive } from '../../../data/importing/archives/format.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../../../data/importing/limits.ts';
import { byCodeUnits } from '../../../data/importing/paths.ts';
import type { Listing } from '../../../data/ports.ts';
import { StudioError } from '../../../domain/errors.ts';
import { fileBytes, spoolToDisk } from './fileBytes.ts';
import { isMissing, systemCode } from './fileErrors.ts';

/** What the walk asks of the disk; tests answer as disks that refuse. */
export type WalkedDisk = Pick<typeof promises, 'access' | 'readdir' | 'realpath' | 'stat'>;

/** Files that are looked at at once. */
const AT_ONCE = 64;

interface Folder {
  readonly location: string;
  readonly path: string;
  /** Its location with every link followed. */
  readonly real: string;
}

const codeOf = (error: unknown): string => systemCode(error) ?? 'unknown';

const unreadable = (path: string, error: unknown, kind: 'file' | 'folder'): StudioError =>
  new StudioError(
    kind === 'folder' ? 'data.unreadable-folder' : 'data.unreadable-file',
    `${path}: the ${kind} cannot be read (${codeOf(error)}).`,
    'Check that you may read it, then import again.',
    { path, reason: codeOf(error) },
    error,
  );

const dangling = (path: string, error: unknown): StudioError =>
  new StudioError(
    'data.not-found',
    `${path} is a link to something that does not exist (${codeOf(error)}).`,
    'Correct or delete the link.',
    { path, reason: 'dangling-link' },
    error,
  );

const seenBefore = (path: string, first: string): StudioError =>
  new StudioError(
    'data.duplicate-files',
    `${path} is the same folder as ${first}, by a link; its files are taken once.`,
    'Delete the link if it is not needed.',
    { path, reason: 'same-folder', first },
  );

const noFile = (path: string): StudioError =>
  new StudioError(
    'data.unsupported-format',
    `${path} is neither a file nor a folder.`,
    'Leave sockets, pipes and devices out of the folder.',
    { path, reason: 'not-a-file' },
  );

/** One walk over folders; what it finds goes to the drop. */
class Walk {
  private readonly drop: Drop;
  private readonly disk: WalkedDisk;
  /** Paths of the folders that were listed, by their real location. */
  private readonly seen = new Map<string, string>();

  constructor(drop: Drop, disk: WalkedDisk) {
    this.drop = drop;
    this.disk = disk;
  }

  /** Level by level, on each the folders before the links to folders: of several ways to a folder the shortest counts. */
  async from(root: Folder): Promise<void> {
    for (let level = [root]; level.length > 0; ) {
      const folders: Folder[] = [];
      const links: Folder[] = [];
      for (const folder of level) await this.list(folder, folders, links);
      level = folders.concat(links);
    }
  }

  private async list(folder: Folder, folders: Folder[], links: Folder[]): Promise<void> {
    const first = this.seen.get(folder.real);
    if (first !== undefined) return this.drop.report(folder.path, seenBefore(folder.path, first));
    this.seen.set(folder.real, folder.path);
    let entries: Dirent[];
    try {
      entries = await this.entriesOf(folder.location);
    } catch (error) {
      return this.drop.report(folder.path, unreadable(folder.path, error, 'folder'));
    }
    const others: Dirent[] = [];
    for (const entry of entries) {
      const path = `${folder.path}/${entry.name}`;
      if (this.drop.isClutter(path)) continue;
      if (!entry.isDirectory()) others.push(entry);
      else folders.push({ location: join(folder.location, entry.name), path, real: join(folder.real, entry.name) });
    }
    for (let from = 0; from < others.length; from += AT_ONCE) {
      const some = others.slice(from, from + AT_ONCE);
      const looks = await Promise.all(some.map(({ name }) => this.lookAt(folder, name)));
      for (const look of looks) look(links);
    }
  }

  private async entriesOf(location: string): Promise<Dirent[]> {
    const entries = await this.disk.readdir(location, { withFileTypes: true });
    return entries.sort((a, b) => byCodeUnits(a.name, b.name));
  }

  /** Finds out what something is; what it answers is done in the order of names. */
  private async lookAt(folder: Folder, name: string): Promise<(links: Folder[]) => void> {
    const path = `${folder.path}/${name}`;
    const location = join(folder.location, name);
    const refuse = (error: StudioError) => () => this.drop.report(path, error);
    try {
      const info = await this.disk.stat(location);
      if (info.isDirectory()) {
        const real = await this.disk.realpath(location);
        return (links) => links.push({ location, path, real });
      }
      if (!info.isFile()) return refuse(noFile(path));
      await this.disk.access(location, promises.constants.R_OK);
      return () => this.drop.add(path, fileBytes(location, info.size));
    } catch (error) {
      return refuse(isMissing(error) ? dangling(path, error) : unreadable(path, error, 'file'));
    }
  }
}

/**
 * What lies at `paths`: folders, however deep, and archives. Throws `data.not-found`, `data.unreadable-folder` and
 * `data.unsupported-format` for a path that is no folder and no archive, and the reason where nothing can be listed.
 */
export async function filesAt(
  paths: readonly string[],
  limits: ImportLimits = DEFAULT_LIMITS,
  disk: WalkedDisk = promises,
): Promise<Listing> {
  const drop = new Drop(spoolToDisk, limits);
  const walk = new Walk(drop, disk);
  for (const path of paths) {
    const location = resolve(path);
    const name = basename(location);
    try {
      const info = await disk.stat(location);
      if (info.isDirectory()) await walk.from({ location, path: name, real: await disk.realpath(location) });
      else if (info.isFile() && mayBeArchive(name)) drop.add(name, fileBytes(location, info.size));
      else throw notAFolder(path);
    } catch (error) {
      if (error instanceof StudioError) throw error;
      if (!isMissing(error)) throw unreadable(path, error, isNamedArchive(path) ? 'file' : 'folder');
      throw new StudioError('data.not-found', `${path} does not exist.`, 'Check the path.', { path }, error);
    }
  }
  return drop.list();
}

const notAFolder = (path: string): StudioError =>
  new StudioError(
    'data.unsupported-format',
    `${path} is neither a folder nor an archive.`,
    'Give the folder that holds images and labels, or an archive of it.',
    { path, reason: 'not-a-folder' },
  );
