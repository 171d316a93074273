// What a person dropped, as files to read. The page has listed folders already; here archives are opened, and blobs become
// bytes when asked.
import type { DroppedFile } from '../../bridge/protocol.ts';
import { Drop } from '../../data/importing/archives/drop.ts';
import type { Listing } from '../../data/ports.ts';
import { StudioError } from '../../domain/errors.ts';
import { blobBytes, spoolInBrowser } from './blobBytes.ts';

/**
 * Files of a drop, archives opened. What the page could not read comes without a blob and becomes a finding; a folder
 * of that kind has a path that ends with a slash. Throws the reason where nothing remains.
 */
export async function browserFiles(dropped: readonly DroppedFile[]): Promise<Listing> {
  const drop = new Drop(spoolInBrowser);
  for (const { path, blob } of dropped) {
    if (blob instanceof Blob) drop.add(path, blobBytes(blob));
    else if (!drop.isClutter(path.replace(/\/$/, ''))) drop.report(path, unreadable(path));
  }
  return drop.list();
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
