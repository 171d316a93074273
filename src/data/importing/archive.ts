// A zip as a folder of files that are unpacked one by one when asked. Archives are judged by their directory first,
// and stopped while unpacking if an entry turns out larger than it claimed. Archives within archives stay closed.
import {
  configure,
  type Entry,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  Reader,
  Uint8ArrayWriter,
  ZipReader,
} from '@zip.js/zip.js';
import { StudioError } from '../../domain/errors.ts';
import type { SourceFile } from '../ports.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';
import { isClutter, normalisePath } from './paths.ts';

/** Bytes that can be read piecewise: a Blob, an open file, a buffer. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

// We are in a worker already, and the page's policy allows no scripts made from strings.
configure({ useWebWorkers: false });

class SourceReader extends Reader<ByteSource> {
  private readonly source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.source = source;
    this.size = source.sizeBytes;
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    return this.source.read(offset, Math.min(length, this.source.sizeBytes - offset));
  }
}

const tooLarge = (path: string, what: string, context: Record<string, string | number>): StudioError =>
  new StudioError(
    'data.archive-too-large',
    `${path}: ${what}`,
    'If you trust the archive, unpack it yourself and drop the folder.',
    { path, ...context },
  );

const damaged = (path: string, error: unknown): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: the zip cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    'The archive is damaged or incomplete: download it again.',
    { path, reason: 'damaged-archive' },
    error,
  );

/** Refuses, from the directory alone, what would not fit or can only be made to harm. */
function judge(path: string, entries: readonly Entry[], limits: ImportLimits): void {
  if (entries.length > limits.maxArchiveEntries) {
    throw tooLarge(path, `${entries.length} entries; at most ${limits.maxArchiveEntries} are read.`, {
      reason: 'entries',
      entries: entries.length,
    });
  }
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (total > limits.maxArchiveBytes) {
    throw tooLarge(path, `${total} bytes when unpacked; at most ${limits.maxArchiveBytes} are read.`, {
      reason: 'total-bytes',
      totalBytes: total,
    });
  }
  for (const { filename, compressedSize, uncompressedSize, encrypted } of entries) {
    const expansion = uncompressedSize / Math.max(1, compressedSize);
    if (uncompressedSize > limits.expansionFloorBytes && expansion > limits.maxExpansion) {
      throw tooLarge(
        path,
        `${filename} grows ${Math.round(expansion)} times to ${uncompressedSize} bytes when unpacked.`,
        {
          reason: 'expansion',
          entry: filename,
          uncompressedBytes: uncompressedSize,
        },
      );
    }
    if (encrypted) {
      throw new StudioError(
        'data.unsupported-format',
        `${path}: ${filename} is encrypted.`,
        'Unpack the archive with its password and drop the folder.',
        { path, reason: 'encrypted', entry: filename },
      );
    }
  }
}

type FileEntry = Exclude<Entry, { directory: true }>;

async function unpack(entry: FileEntry, path: string): Promise<Uint8Array> {
  try {
    return await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true });
  } catch (error) {
    // zip.js stops at the first byte beyond the claimed size; its exported texts are its error codes.
    if (error instanceof Error && error.message === ERR_INVALID_UNCOMPRESSED_SIZE) {
      throw tooLarge(path, `does not unpack to the ${entry.uncompressedSize} bytes that the archive claims.`, {
        reason: 'larger-than-claimed',
        claimedBytes: entry.uncompressedSize,
      });
    }
    throw damaged(path, error);
  }
}

/**
 * Lists an archive's files under `path` without its `.zip`, their names made harmless (no `..`, no drive, no leading
 * slash). Throws `data.archive-too-large`, `data.unsupported-format` (encrypted) and `data.unreadable-file`; reading
 * a file later throws the same for that file.
 */
export async function openArchive(
  source: ByteSource,
  path: string,
  limits: ImportLimits = DEFAULT_LIMITS,
): Promise<readonly SourceFile[]> {
  let entries: readonly Entry[];
  try {
    entries = await new ZipReader(new SourceReader(source)).getEntries({
      filenameValidation: 'tolerant',
    });
  } catch (error) {
    throw damaged(path, error);
  }
  judge(path, entries, limits);
  const root = path.replace(/\.zip$/i, '');
  return entries.flatMap((entry): SourceFile[] => {
    const name = normalisePath(entry.filename);
    if (entry.directory || name === '' || isClutter(name)) return [];
    const filePath = `${root}/${name}`;
    return [{ path: filePath, sizeBytes: entry.uncompressedSize, bytes: () => unpack(entry, filePath) }];
  });
}
