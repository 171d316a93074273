// A tar as a list of files where they lie. Only headers are read (POSIX.1-1988 ustar, POSIX.1-2001 pax, and GNU's long
// names and large sizes), so a tar of any length costs a small read a file.
import { StudioError } from '../../../domain/errors.ts';
import type { ImportLimits } from '../limits.ts';
import { normalisePath } from '../paths.ts';
import { checkEntries, damaged, unsupported } from './archiveErrors.ts';
import type { ByteSource, Member } from './byteSource.ts';

const BLOCK = 512;
/** Headers lie close together where files are small: read some at once. */
const WINDOW = 32 * BLOCK;
/** Names and pax records beyond this are an attack, not names. */
const MAX_META_BYTES = 2 ** 20;

interface Header {
  readonly name: string;
  readonly sizeBytes: number;
  readonly type: string;
  readonly linkName: string;
}

const utf8 = new TextDecoder();
const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
};

/** Octal digits, or GNU's big-endian bytes after a first byte with its top bit set. NaN for anything else. */
function numberIn(field: Uint8Array): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = textOf(field).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Whether a block is a tar header: its checksum is the sum of its bytes, with blanks for the checksum itself. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false;
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum === numberIn(block.subarray(148, 156));
}

function headerIn(block: Uint8Array): Header {
  const name = textOf(block.subarray(0, 100));
  // GNU writes other things where POSIX has the name's prefix, and says so by a blank.
  const hasPrefix = utf8.decode(block.subarray(257, 263)) === 'ustar\0';
  const prefix = hasPrefix ? textOf(block.subarray(345, 500)) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes: numberIn(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] || 48),
    linkName: textOf(block.subarray(157, 257)),
  };
}

/** Records `length key=value\n`, lengths in bytes. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const length = blank < 0 ? Number.NaN : Number(utf8.decode(bytes.subarray(at, blank)));
    if (!(length > 0)) break;
    const record = utf8.decode(bytes.subarray(blank + 1, at + length - 1));
    const equals = record.indexOf('=');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Blocks by offset, out of a window that moves on. */
function windowOn(source: ByteSource): (offset: number) => Promise<Uint8Array> {
  let from = 0;
  let bytes = new Uint8Array();
  return async (offset) => {
    if (offset < from || offset + BLOCK > from + bytes.length) {
      [from, bytes] = [offset, new Uint8Array(await source.read(offset, Math.min(WINDOW, source.sizeBytes - offset)))];
    }
    return bytes.subarray(offset - from, offset - from + BLOCK);
  };
}

interface Entry extends Header {
  readonly dataAt: number;
  readonly isSparse: boolean;
}

/**
 * Every entry with what precedes it (long names, pax records) applied. Throws where the tar ends within one; where it ends between
 * two, without the mark that is its end, `onOpenEnd` hears of it.
 */
async function* entriesOf(source: ByteSource, onOpenEnd: () => void): AsyncGenerator<Entry, void, undefined> {
  const blockAt = windowOn(source);
  let ahead = new Map<string, string>();
  for (let at = 0; at < source.sizeBytes; ) {
    const block = await blockAt(at);
    if (block.every((byte) => byte === 0)) return;
    if (!isTarHeader(block)) throw new Error(`no header at byte ${at}`);
    const header = headerIn(block);
    const isMeta = 'xgLK'.includes(header.type);
    const sizeBytes = isMeta ? header.sizeBytes : Number(ahead.get('size') ?? header.sizeBytes);
    const dataAt = at + BLOCK;
    // Links and folders have no data, whatever size they name.
    const dataBytes = '123456'.includes(header.type) ? 0 : sizeBytes;
    if (!(dataAt + dataBytes <= source.sizeBytes)) throw new Error('cut off');
    at = dataAt + Math.ceil(dataBytes / BLOCK) * BLOCK;
    if (isMeta) {
      if (sizeBytes > MAX_META_BYTES) throw new Error(`a name of ${sizeBytes} bytes`);
      const bytes = await source.read(dataAt, sizeBytes);
      if (header.type === 'x') ahead = new Map([...ahead, ...paxRecords(bytes)]);
      if (header.type === 'L') ahead.set('path', textOf(bytes));
      if (header.type === 'K') ahead.set('linkpath', textOf(bytes));
      continue;
    }
    yield {
      name: ahead.get('path') ?? header.name,
      linkName: ahead.get('linkpath') ?? header.linkName,
      type: header.type,
      sizeBytes: dataBytes,
      dataAt,
      isSparse: header.type === 'S' || ahead.has('GNU.sparse.major') || ahead.has('GNU.sparse.map'),
    };
    ahead = new Map();
  }
  onOpenEnd();
}

/** Where a symbolic link leads within the archive. */
function linkTarget(name: string, target: string): string {
  const folders = target.startsWith('/') ? [] : name.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '' && part !== '.') folders.push(part);
  }
  return folders.join('/');
}

/**
 * The files of a tar; of several of one name the last counts. A link stands for the file that it leads to. Throws
 * `data.unreadable-file` and `data.archive-too-large`; what cannot be read of it goes to `report`.
 */
export async function readTar(
  source: ByteSource,
  path: string,
  limits: ImportLimits,
  report: (error: StudioError) => void,
): Promise<readonly Member[]> {
  const places = new Map<string, ByteSource>();
  const links: { readonly name: string; readonly target: string }[] = [];
  let entries = 0;
  try {
    for await (const { name: rawName, type, linkName, sizeBytes, dataAt, isSparse } of entriesOf(source, () =>
      report(openEnd(path)),
    )) {
      checkEntries(path, ++entries, limits);
      const name = normalisePath(rawName);
      if (name === '' || rawName.endsWith('/') || '3456'.includes(type)) continue;
      if (type === '1') links.push({ name, target: normalisePath(linkName) });
      else if (type === '2') links.push({ name, target: linkTarget(name, linkName) });
      else if (!isSparse) places.set(name, source.slice(dataAt, sizeBytes));
      else report(unsupported(`${path}/${name}`, 'sparse', 'is stored as a sparse file, which is not read.'));
    }
  } catch (error) {
    throw damaged(path, error);
  }
  for (const { name, target } of links) {
    const place = places.get(target);
    if (place !== undefined) places.set(name, place);
    else report(danglingIn(path, name, target));
  }
  return Array.from(places, ([name, place]) => ({
    name,
    source: async () => place,
    asFile: (filePath, archive) => place.asFile(filePath, archive),
  }));
}

const openEnd = (path: string): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path} ends without the mark that closes a tar: it may be cut off, and files may be missing.`,
    'Compare its size with the original, or download it again.',
    { path, reason: 'truncated' },
  );

const danglingIn = (path: string, name: string, target: string): StudioError =>
  new StudioError(
    'data.not-found',
    `${path}/${name} is a link to ${target}, which is no file of the archive.`,
    'Unpack the archive and drop the folder.',
    { path: `${path}/${name}`, reason: 'dangling-link' },
  );
