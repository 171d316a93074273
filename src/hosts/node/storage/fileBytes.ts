// Files on disk as bytes for archives to be read from, and temporary files for what must be unpacked first.
import { close, createReadStream, open as openFile, read as readFd, unlink, write as writeFd } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { tooLarge } from '../../../data/importing/archives/archiveErrors.ts';
import type { ByteSource, SpoolFile } from '../../../data/importing/archives/byteSource.ts';
import type { SourceFile } from '../../../data/ports.ts';
import { isFull, readError, writeError } from './fileErrors.ts';

const fd = {
  open: promisify(openFile),
  read: promisify(readFd),
  write: promisify(writeFd),
  close: promisify(close),
  unlink: promisify(unlink),
};

/** A path is opened for each read: a dataset may hold more archives than a process may hold files. */
type Where = { readonly path: string } | { readonly fd: number };

class FileBytes implements ByteSource {
  readonly sizeBytes: number;
  private readonly where: Where;
  private readonly start: number;

  constructor(where: Where, start: number, sizeBytes: number) {
    this.where = where;
    this.start = start;
    this.sizeBytes = sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const from = this.start + offset;
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - offset));
    if ('fd' in this.where) return readAll(this.where.fd, from, wanted);
    const { path } = this.where;
    const handle = await open(path, 'r').catch((error: unknown) => {
      throw readError(path, error);
    });
    try {
      return await readAll(handle.fd, from, wanted);
    } finally {
      await handle.close();
    }
  }

  slice(offset: number, length: number): ByteSource {
    return new FileBytes(this.where, this.start + offset, Math.max(0, Math.min(length, this.sizeBytes - offset)));
  }

  gunzip(): AsyncIterable<Uint8Array> {
    const range = { start: this.start, end: this.start + this.sizeBytes - 1 };
    const packed =
      'fd' in this.where
        ? createReadStream('', { ...range, fd: this.where.fd, autoClose: false })
        : createReadStream(this.where.path, range);
    // A failure of either reaches whoever reads.
    return pipeline(packed, createGunzip(), () => undefined);
  }

  asFile(path: string, archive?: string): SourceFile {
    const file = { path, sizeBytes: this.sizeBytes, bytes: () => this.read(0, this.sizeBytes) };
    return archive === undefined ? file : { ...file, archive };
  }
}

async function readAll(file: number, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await fd.read(file, bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A file on disk. Nothing is opened until it is read. */
export function fileBytes(path: string, sizeBytes: number): ByteSource {
  const whole = new FileBytes({ path }, 0, sizeBytes);
  return {
    sizeBytes,
    read: (offset, length) => whole.read(offset, length),
    slice: (offset, length) => whole.slice(offset, length),
    gunzip: () => whole.gunzip(),
    // The file may have grown since it was listed.
    asFile: (name) => ({ path: name, sizeBytes, bytes: () => wholeFile(path) }),
  };
}

async function wholeFile(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw readError(path, error);
  });
  return new Uint8Array(bytes);
}

/**
 * A temporary file that has no name any more when this resolves, so that the system takes it back when the process ends,
 * however it ends.
 */
export async function spoolToDisk(path: string): Promise<SpoolFile> {
  const file = await openNameless().catch((error: unknown) => {
    throw writeError(tmpdir(), error);
  });
  let sizeBytes = 0;
  return {
    async write(chunk) {
      try {
        for (let from = 0; from < chunk.length; ) {
          from += (await fd.write(file, chunk, from, chunk.length - from, sizeBytes + from)).bytesWritten;
        }
      } catch (error) {
        if (!isFull(error)) throw writeError(tmpdir(), error);
        throw tooLarge(path, 'no-space', `there is no room in ${tmpdir()} to unpack it.`);
      }
      sizeBytes += chunk.length;
    },
    finish: async () => new FileBytes({ fd: file }, 0, sizeBytes),
    discard: () => fd.close(file),
  };
}

async function openNameless(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-unpacked-'));
  const location = join(folder, 'file');
  const file = await fd.open(location, 'wx+', 0o600);
  await fd.unlink(location);
  await rm(folder, { recursive: true, force: true });
  return file;
}
