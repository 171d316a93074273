// A zip as a list of files that are unpacked one by one when asked. It is judged by its directory first, and stopped
// while unpacking if an entry turns out larger than it claimed.
import {
  configure,
  ERR_INVALID_UNCOMPRESSED_SIZE,
  ERR_SPLIT_ZIP_FILE,
  type FileEntry,
  Reader,
  Uint8ArrayWriter,
  Writer,
  ZipReader,
} from '@zip.js/zip.js';
import type { StudioError } from '../../../domain/errors.ts';
import type { ImportLimits } from '../limits.ts';
import { normalisePath } from '../paths.ts';
import { checkEntries, checkGrowth, damaged, tooLarge, unsupported } from './archiveErrors.ts';
import { type ByteSource, type Member, type SpoolFile, spooled } from './byteSource.ts';

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

class SpoolWriter extends Writer<void> {
  private readonly file: SpoolFile;

  constructor(file: SpoolFile) {
    super();
    this.file = file;
  }

  override writeUint8Array(chunk: Uint8Array): Promise<void> {
    return this.file.write(chunk);
  }
}

const hasMessage = (error: unknown, message: string): boolean => error instanceof Error && error.message === message;

/** Unpacks an entry. Throws `data.archive-too-large` and `data.unreadable-file`. */
async function unpack<Result>(entry: FileEntry, path: string, writer: Writer<Result>): Promise<Result> {
  try {
    return await entry.getData(writer, { checkCrc32: true });
  } catch (error) {
    // zip.js stops at the first byte beyond the claimed size; its exported texts are its error codes.
    if (!hasMessage(error, ERR_INVALID_UNCOMPRESSED_SIZE)) throw damaged(path, error);
    const what = `does not unpack to the ${entry.uncompressedSize} bytes that the archive claims.`;
    throw tooLarge(path, 'larger-than-claimed', what, { claimedBytes: entry.uncompressedSize });
  }
}

const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
const STORED = 0;

/** Where an entry that is stored as it is lies in the zip; null where it is compressed, or not where its directory says. */
async function stretchOf(source: ByteSource, entry: FileEntry): Promise<ByteSource | null> {
  if (entry.compressionMethod !== STORED || entry.compressedSize !== entry.uncompressedSize) return null;
  const header = await source.read(entry.offset, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  if (view.getUint32(0, true) !== LOCAL_HEADER_SIGNATURE) return null;
  const dataAt = entry.offset + LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
  return source.slice(dataAt, entry.compressedSize);
}

function memberOf(entry: FileEntry, zip: ByteSource, path: string): Member {
  const name = normalisePath(entry.filename);
  return {
    name,
    source: async (spool) => {
      const inPlace = await stretchOf(zip, entry);
      if (inPlace !== null) return inPlace;
      const inner = `${path}/${name}`;
      return spooled(await spool(inner), async (file) => unpack(entry, inner, new SpoolWriter(file)));
    },
    asFile: (filePath, archive) => ({
      path: filePath,
      sizeBytes: entry.uncompressedSize,
      archive,
      bytes: () => unpack(entry, filePath, new Uint8ArrayWriter()),
    }),
  };
}

/**
 * The files of a zip, from its directory alone; reading one later throws for that one. Throws
 * `data.archive-too-large`, `data.unsupported-format` (encrypted, one part of several) and `data.unreadable-file`; what cannot
 * be read of it goes to `report`.
 */
export async function readZip(
  source: ByteSource,
  path: string,
  limits: ImportLimits,
  report: (error: StudioError) => void,
): Promise<readonly Member[]> {
  const members: Member[] = [];
  let totalBytes = 0;
  try {
    const entries = new ZipReader(new SourceReader(source)).getEntriesGenerator({ filenameValidation: 'tolerant' });
    for await (const entry of entries) {
      checkEntries(path, members.length + 1, limits);
      if (entry.directory) continue;
      totalBytes += entry.uncompressedSize;
      checkGrowth(path, Number.POSITIVE_INFINITY, totalBytes, path, limits);
      checkGrowth(path, entry.compressedSize, entry.uncompressedSize, entry.filename, limits);
      if (entry.encrypted) {
        const advice = 'Unpack the archive with its password and drop the folder.';
        throw unsupported(path, 'encrypted', `${entry.filename} is encrypted.`, advice, { entry: entry.filename });
      }
      if (!entry.symlink) members.push(memberOf(entry, source, path));
      else report(unsupported(`${path}/${entry.filename}`, 'link', 'is a link; those within zips are not followed.'));
    }
  } catch (error) {
    if (!hasMessage(error, ERR_SPLIT_ZIP_FILE)) throw damaged(path, error);
    throw unsupported(path, 'split', 'is one part of a zip that was split into several.');
  }
  return members;
}
