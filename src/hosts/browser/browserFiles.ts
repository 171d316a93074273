// What a person dropped, as files to read. The page has listed folders already; here blobs become bytes when asked.
import type { DroppedFile } from '../../bridge/protocol.ts';
import { type ByteSource, openArchive } from '../../data/importing/archive.ts';
import type { SourceFile } from '../../data/ports.ts';
import { StudioError } from '../../domain/errors.ts';

/** A file that still has its blob, so that the browser's own decoders can read it without a copy. */
export interface BrowserFile extends SourceFile {
  readonly blob: Blob;
}

/**
 * Files of a drop; a zip that was dropped alone is opened as a folder. Throws what {@link openArchive} throws, and
 * `data.unreadable-file` for something that is no file.
 */
export async function browserFiles(dropped: readonly DroppedFile[]): Promise<readonly SourceFile[]> {
  const files = dropped.map(fileOf);
  const [only] = files;
  if (files.length !== 1 || only === undefined || !/\.zip$/i.test(only.path)) return files;
  return openArchive(sliceSource(only.blob), only.path);
}

/** The blob behind a file, or null where it comes out of an archive. */
export function blobOf(file: SourceFile): Blob | null {
  return 'blob' in file && file.blob instanceof Blob ? file.blob : null;
}

function fileOf({ path, sizeBytes, blob }: DroppedFile): BrowserFile {
  if (!(blob instanceof Blob)) {
    throw new StudioError(
      'data.unreadable-file',
      `${path} did not arrive as a file.`,
      'Drop the folder again, or choose it with the folder picker.',
      { path, reason: 'not-a-file' },
    );
  }
  return { path, sizeBytes, blob, bytes: async () => new Uint8Array(await blob.arrayBuffer()) };
}

function sliceSource(blob: Blob): ByteSource {
  return {
    sizeBytes: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
