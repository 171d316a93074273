// A file of weights as the command line names it: FILE, or FILE#ENTRY for one of several sets in it.
import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StudioError } from '../../../domain/errors.ts';
import type { ByteSource } from '../../../engine/weightFiles/tensors.ts';
import { readError } from './fileErrors.ts';

export interface NamedWeights {
  readonly source: ByteSource;
  /** The dictionary or prefix that was asked for. */
  readonly entry: string | null;
}

/** Nothing is read until asked. Throws `data.not-found`, `data.unreadable-file`; reading does, too, where the file is gone. */
export async function weightsAt(given: string): Promise<NamedWeights> {
  const at = existsSync(given) ? -1 : given.lastIndexOf('#');
  const path = at < 0 ? given : given.slice(0, at);
  const sizeBytes = await withFile(path, async (handle) => {
    const info = await handle.stat();
    if (info.isDirectory()) throw isFolder(path);
    return info.size;
  });
  const read = (offset: number, length: number): Promise<Uint8Array> =>
    withFile(path, (handle) => readAt(handle, offset, Math.max(0, Math.min(length, sizeBytes - offset))));
  return { source: { sizeBytes, read }, entry: at < 0 ? null : given.slice(at + 1) };
}

async function withFile<Result>(path: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw readError(path, error);
  });
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

const isFolder = (path: string): StudioError =>
  new StudioError('data.not-found', `${path} is a folder.`, 'Name a file of weights in it.', { path });
