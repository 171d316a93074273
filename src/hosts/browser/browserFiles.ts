// What a person dropped, as files to read. The page has listed folders already; here archives are opened, and blobs become
// bytes when asked.
import type { DroppedFile } from '../../bridge/protocol.ts';
import { Drop } from '../../data/importing/archives/drop.ts';
import { isNamedArchive, mayBeArchive } from '../../data/importing/archives/format.ts';
import type { Listing } from '../../data/ports.ts';
import { StudioError } from '../../domain/errors.ts';
import { blobBytes, spoolInBrowser } from './blobBytes.ts';
import { PageFiles } from './pageFiles.ts';

/**
 * Files of a drop, archives opened; `door` is the port behind which the page holds them. What it could not list becomes a finding.
 * Throws the reason where nothing remains.
 */
export async function browserFiles(dropped: readonly DroppedFile[], door: unknown): Promise<Listing> {
  const drop = new Drop(spoolInBrowser);
  if (!(door instanceof MessagePort)) throw new TypeError('The page sent no way to its files.');
  const page = new PageFiles(door);
  const opened = await openSome(dropped, page);
  for (const [index, { path, isReadable }] of dropped.entries()) {
    if (!isReadable) {
      if (!drop.isClutter(path.replace(/\/$/, ''))) drop.report(path, unreadable(path));
      continue;
    }
    const blob = opened.get(index);
    if (blob === undefined) drop.addFile(path, (name) => page.file(name, index));
    else if (blob === null) drop.report(path, unreadable(path));
    else drop.add(path, blobBytes(blob));
  }
  return drop.list();
}

/** Files that are asked for at once. */
const AT_ONCE = 100;

/**
 * The files that must be looked into before anything is listed, null for those that cannot be opened: what may be an archive; and
 * all of them beside an archive, for its copies are known by their sizes.
 */
async function openSome(dropped: readonly DroppedFile[], page: PageFiles): Promise<ReadonlyMap<number, Blob | null>> {
  const hasArchive = dropped.some(({ path }) => isNamedArchive(path));
  const wanted = dropped.flatMap(({ path, isReadable }, index) =>
    isReadable && (hasArchive || mayBeArchive(path)) ? [index] : [],
  );
  const opened = new Map<number, Blob | null>();
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE);
    const blobs = await Promise.all(some.map((index) => page.open(index).catch(() => null)));
    for (const [at, index] of some.entries()) opened.set(index, blobs[at] ?? null);
  }
  return opened;
}

const unreadable = (path: string): StudioError =>
  path.endsWith('/')
    ? new StudioError(
        'data.unreadable-folder',
        `${path}: the browser may not read this folder.`,
        'Check that you may read it, then drop it again.',
        { path, reason: 'not-listed' },
      )
    : new StudioError(
        'data.unreadable-file',
        `${path} did not arrive as a file.`,
        'Check that you may read it, then drop it again, or choose it with the folder picker.',
        { path, reason: 'not-a-file' },
      );
