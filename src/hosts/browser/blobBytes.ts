// Blobs as bytes for archives to be read from, and temporary files for what must be unpacked first.
import { tooLarge } from '../../data/importing/archives/archiveErrors.ts';
import type { ByteSource, SpoolFile } from '../../data/importing/archives/byteSource.ts';
import type { SourceFile } from '../../data/ports.ts';

/** A file that has its blob, so that the browser's own decoders can read it without a copy. */
export interface BrowserFile extends SourceFile {
  open(): Promise<Blob>;
}

const isBrowserFile = (file: SourceFile): file is BrowserFile => 'open' in file;

/** The blob behind a file, or null where it is compressed in an archive or cannot be opened. */
export async function blobOf(file: SourceFile): Promise<Blob | null> {
  return isBrowserFile(file) ? file.open().catch(() => null) : null;
}

export function blobBytes(blob: Blob): ByteSource {
  const bytesOf = async (part: Blob): Promise<Uint8Array> => new Uint8Array(await part.arrayBuffer());
  return {
    sizeBytes: blob.size,
    read: (offset, length) => bytesOf(blob.slice(offset, offset + length)),
    slice: (offset, length) => blobBytes(blob.slice(offset, offset + length)),
    gunzip: () => chunksOf(blob.stream().pipeThrough(new DecompressionStream('gzip'))),
    asFile: (path, archive): BrowserFile => {
      const file = { path, sizeBytes: blob.size, open: async () => blob, bytes: () => bytesOf(blob) };
      return archive === undefined ? file : { ...file, archive };
    },
  };
}

/** Not every browser's streams can be looped over. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading stops the unpacking; what was thrown meanwhile is known already.
    await reader.cancel().catch(() => undefined);
  }
}

/** Without a file system of its own (a private window), the browser keeps at most this in memory for an archive. */
const MAX_IN_MEMORY = 256 * 2 ** 20;
const FOLDER = 'unpacked';

/** A temporary file in the browser's private file system, or in memory where there is none. */
export async function spoolInBrowser(path: string): Promise<SpoolFile> {
  try {
    folder ??= ownFolder();
    return await fileIn(await folder, path);
  } catch {
    folder = null;
    return inMemory(path);
  }
}

let folder: Promise<FileSystemDirectoryHandle> | null = null;
let files = 0;

/**
 * A folder for this worker. A lock says that it is in use, and ends with the worker: whoever comes next removes what has
 * no lock, so that nothing is left for long however a tab was closed.
 */
async function ownFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle(FOLDER, { create: true });
  const name = crypto.randomUUID();
  await new Promise<void>((held, failed) => {
    // Held until the worker ends.
    navigator.locks
      .request(`${FOLDER}/${name}`, () => {
        held();
        return new Promise(() => undefined);
      })
      .catch(failed);
  });
  for await (const other of all.keys()) {
    await navigator.locks.request(`${FOLDER}/${other}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await all.removeEntry(other, { recursive: true });
    });
  }
  return all.getDirectoryHandle(name, { create: true });
}

async function fileIn(directory: FileSystemDirectoryHandle, path: string): Promise<SpoolFile> {
  const name = String(files++);
  const handle = await directory.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  let at = 0;
  return {
    async write(chunk) {
      try {
        const written = access.write(new Uint8Array(chunk), { at });
        if (written < chunk.length) throw new DOMException('Not all was written.', 'QuotaExceededError');
        at += written;
      } catch (error) {
        if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) throw error;
        throw noRoom(path);
      }
    },
    async finish() {
      access.close();
      return blobBytes(await handle.getFile());
    },
    async discard() {
      access.close();
      await directory.removeEntry(name);
    },
  };
}

function inMemory(path: string): SpoolFile {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  return {
    async write(chunk) {
      sizeBytes += chunk.length;
      if (sizeBytes > MAX_IN_MEMORY) throw noRoom(path);
      chunks.push(new Uint8Array(chunk));
    },
    async finish() {
      const blob = new Blob(chunks);
      chunks = [];
      return blobBytes(blob);
    },
    async discard() {
      chunks = [];
    },
  };
}

const noRoom = (path: string) => tooLarge(path, 'no-space', 'this browser has no room to unpack it.');
