// The chunks of a PNG, walked before anything is inflated: all lie within the file, and their picture data inflates to what the
// picture's size needs and not much further. A file may be made to exhaust memory: a kilobyte inflates to a megabyte.
import { Unzlib } from 'fflate';
import { StudioError } from '../../domain/errors.ts';

interface Chunk {
  readonly name: string;
  /** Length, name, content and checksum. */
  readonly bytes: Uint8Array;
}

/** What a decoder of samples has to see. The rest says something about the picture, and may itself inflate without end. */
const ESSENTIAL = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Deflate's best: 258 bytes in two bits (RFC 1951). */
const MOST_EXPANSION = 1032;
/** Data that cannot inflate beyond this is not tried out first. */
const HARMLESS_BYTES = 64 * 2 ** 20;
const SLICE_BYTES = 16_384;

/**
 * The file without chunks that do not touch its samples, fit for a decoder: `neededBytes` are those of its inflated scan lines.
 * Throws `data.unreadable-file` for a file that is cut off, `data.unsupported-format` for one that inflates too far.
 */
export function essentialChunks(bytes: Uint8Array, path: string, neededBytes: number): Uint8Array {
  const chunks = chunksOf(bytes, path);
  const data = chunks.flatMap(({ name, bytes }) => (name === 'IDAT' ? [bytes.subarray(8, -4)] : []));
  const compressed = data.reduce((sum, { length }) => sum + length, 0);
  if (compressed === 0) throw cutOff(path, 'the PNG holds no picture data.');
  // Some writers leave more than they should; twice as much is still no harm.
  const most = 2 * neededBytes + 65_536;
  const mayHarm = compressed * MOST_EXPANSION > Math.max(most, HARMLESS_BYTES);
  if (compressed > most || (mayHarm && inflatesBeyond(data, most))) throw tooFar(path, compressed, neededBytes);
  const kept = chunks.filter(({ name }) => ESSENTIAL.has(name));
  return kept.length === chunks.length ? bytes : joined([bytes.subarray(0, 8), ...kept.map((chunk) => chunk.bytes)]);
}

function chunksOf(bytes: Uint8Array, path: string): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ name, bytes: bytes.subarray(at, end) });
    if (name === 'IEND') return chunks;
    at = end;
  }
  throw cutOff(path, `the PNG is cut off: it ends after ${bytes.length} bytes, within its data.`);
}

/** Inflates and forgets, slice by slice, until the end or beyond `most` bytes. What is damaged is the decoder's to say. */
function inflatesBeyond(data: readonly Uint8Array[], most: number): boolean {
  let inflated = 0;
  const inflator = new Unzlib((chunk) => {
    inflated += chunk.length;
  });
  try {
    for (const piece of data) {
      for (let at = 0; at < piece.length && inflated <= most; at += SLICE_BYTES) {
        inflator.push(piece.subarray(at, at + SLICE_BYTES));
      }
    }
  } catch {
    return false;
  }
  return inflated > most;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const cutOff = (path: string, what: string): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: ${what}`,
    'Copy or export the file again; the import goes on without it.',
    { path, reason: 'truncated' },
  );

const tooFar = (path: string, compressed: number, neededBytes: number): StudioError =>
  new StudioError(
    'data.unsupported-format',
    `${path}: ${compressed} bytes of compressed data inflate far beyond the ${neededBytes} that its size needs.`,
    'The file is damaged or made to exhaust memory; leave it out.',
    { path, reason: 'inflates-too-far', compressed, neededBytes },
  );
