// A folder or a zip on disk as the list of files that a drop in the browser would give: paths begin with the folder's
// own name, archives are opened as folders, and nothing is read until asked.
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type ByteSource, openArchive } from '../../../data/importing/archive.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../../../data/importing/limits.ts';
import type { SourceFile } from '../../../data/ports.ts';
import { StudioError } from '../../../domain/errors.ts';

const isZip = (path: string): boolean => /\.zip$/i.test(path);

/** Opened for each read: a dataset may hold more archives than a process may hold files. */
function fileSource(location: string, sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    async read(offset, length) {
      const handle = await open(location, 'r');
      try {
        const bytes = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      } finally {
        await handle.close();
      }
    },
  };
}

async function filesOf(location: string, path: string, limits: ImportLimits): Promise<readonly SourceFile[]> {
  const { size: sizeBytes } = await stat(location);
  if (isZip(path)) return openArchive(fileSource(location, sizeBytes), path, limits);
  return [{ path, sizeBytes, bytes: async () => new Uint8Array(await readFile(location)) }];
}

async function walk(folder: string, path: string, limits: ImportLimits): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const location = join(folder, entry.name);
    const entryPath = `${path}/${entry.name}`;
    // Links are followed to files, not to folders: those could lead in a circle.
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await stat(location)).isFile());
    if (entry.isDirectory()) files.push(...(await walk(location, entryPath, limits)));
    else if (isFile) files.push(...(await filesOf(location, entryPath, limits)));
  }
  return files;
}

/** Files of a folder, or of a zip. Throws `data.not-found`, and what {@link openArchive} throws. */
export async function filesAt(path: string, limits: ImportLimits = DEFAULT_LIMITS): Promise<readonly SourceFile[]> {
  const location = resolve(path);
  const info = await stat(location).catch((error: unknown) => {
    throw new StudioError('data.not-found', `${path} does not exist.`, 'Check the path.', { path }, error);
  });
  if (info.isDirectory()) return walk(location, basename(location), limits);
  return filesOf(location, basename(location), limits);
}
