// Archives that tests drop, written on the spot: zips by zip.js, tars block by block, and bytes that count what is read.
import { gzipSync } from 'node:zlib';
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';
import type { ByteSource } from '../data/importing/archives/byteSource.ts';
import { Drop } from '../data/importing/archives/drop.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../data/importing/limits.ts';
import type { Listing } from '../data/ports.ts';
import { blobBytes, spoolInBrowser } from '../hosts/browser/blobBytes.ts';

configure({ useWebWorkers: false });

export type Entries = Readonly<Record<string, Uint8Array>>;

export async function zipOf(entries: Entries, options: ZipWriterAddDataOptions = {}): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, bytes] of Object.entries(entries)) await writer.add(name, new Uint8ArrayReader(bytes), options);
  return writer.close();
}

const BLOCK = 512;
const ascii = new TextEncoder();

interface TarEntry {
  readonly name: string;
  readonly bytes?: Uint8Array;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` pax, `L` GNU long name. */
  readonly type?: string;
  readonly linkName?: string;
  readonly magic?: string;
  readonly prefix?: string;
}

/** One header and its data, as POSIX.1-1988 has them. */
export function tarEntry({ name, bytes = new Uint8Array(), type = '0', ...more }: TarEntry): Uint8Array {
  const { linkName = '', magic = 'ustar\u000000', prefix = '' } = more;
  const entry = new Uint8Array(BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK);
  const put = (at: number, text: string): void => entry.set(ascii.encode(text), at);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  put(0, name);
  put(100, '0000644');
  put(124, octal(bytes.length, 11));
  put(148, '        ');
  put(156, type);
  put(157, linkName);
  put(257, magic);
  put(345, prefix);
  put(
    148,
    `${octal(
      entry.subarray(0, BLOCK).reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0`,
  );
  entry.set(bytes, BLOCK);
  return entry;
}

export const tarOf = (entries: Entries): Uint8Array =>
  concat(...Object.entries(entries).map(([name, bytes]) => tarEntry({ name, bytes })), new Uint8Array(2 * BLOCK));

export const tarGzOf = (entries: Entries): Uint8Array => new Uint8Array(gzipSync(tarOf(entries)));

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Bytes that count what is read of them, to show what opening does not read. */
export function countingBytes(bytes: Uint8Array): { readonly source: ByteSource; readonly read: { bytes: number } } {
  const read = { bytes: 0 };
  const counted = (source: ByteSource): ByteSource => ({
    ...source,
    read: (offset, length) => {
      read.bytes += length;
      return source.read(offset, length);
    },
    slice: (offset, length) => counted(source.slice(offset, length)),
  });
  return { source: counted(blobBytes(new Blob([new Uint8Array(bytes)]))), read };
}

/** What a drop of these files gives. */
export function listingOf(files: Entries, limits: Partial<ImportLimits> = {}): Promise<Listing> {
  const drop = new Drop(spoolInBrowser, { ...DEFAULT_LIMITS, ...limits });
  for (const [path, bytes] of Object.entries(files)) drop.add(path, blobBytes(new Blob([new Uint8Array(bytes)])));
  return drop.list();
}
