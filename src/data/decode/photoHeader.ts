// What stands before the pixels of a PNG or JPEG: its size, so that a host can refuse a picture before its decoder takes memory for
// it; and what decoders treat differently (orientation, colour profiles, gamma), which is taken out so that every host sees the same
// stored pixels.
import type { Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import type { Orientation } from '../ports.ts';
import { isPng, readPngHeader } from './decodePng.ts';
import { readTiffOrientation } from './orientation.ts';

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** SOF0 to SOF15 carry the frame's size; C4, C8 and CC of that range are other segments (ITU T.81, table B.1). */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;
/** What 0xff 0x00 stands for, too. */
const NO_MARKER = 0;

export interface PhotoHeader extends Size {
  readonly orientation: Orientation;
  /** JPEG: whether its three components are RGB, not YCbCr (Adobe's marker says so, or their ids are R, G, B). */
  readonly isRgbJpeg: boolean;
  /** Stretches of the file that say nothing about stored pixels: [from, to). */
  readonly metadata: readonly (readonly [from: number, to: number])[];
}

interface JpegFrame {
  readonly size: Size;
  readonly marker: number;
  /** Bits a sample. */
  readonly precision: number;
  readonly ids: readonly number[];
}

interface JpegParts {
  frame: JpegFrame | null;
  orientation: Orientation;
  /** Adobe's transform code, or null without its marker. */
  transform: number | null;
  isJfif: boolean;
  readonly metadata: [number, number][];
  /** Whether the bytes reach the pixels. */
  isWhole: boolean;
}

const textAt = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

function walkJpeg(bytes: Uint8Array): JpegParts {
  const pair = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const parts: JpegParts = {
    frame: null,
    orientation: 1,
    transform: null,
    isJfif: false,
    metadata: [],
    isWhole: false,
  };
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at] === 0xff ? (bytes[at + 1] ?? 0) : NO_MARKER;
    // A second 0xff is fill, and what is no marker is skipped, as browsers do: they find the tag behind it.
    if (marker === NO_MARKER || marker === 0xff) {
      at++;
      continue;
    }
    if (marker === START_OF_SCAN) {
      parts.isWhole = true;
      return parts;
    }
    const end = at + 2 + pair(at + 2);
    if (end > bytes.length) return parts;
    if (isFrameHeader(marker)) {
      const count = bytes[at + 9] ?? 0;
      const ids = Array.from({ length: count }, (_, i) => bytes[at + 10 + 3 * i] ?? 0);
      const size = { width: pair(at + 7), height: pair(at + 5) };
      parts.frame = { size, marker, precision: bytes[at + 4] ?? 0, ids };
    }
    if (marker === APP1 && textAt(bytes, at + 4, 'Exif\0\0')) {
      parts.orientation = readTiffOrientation(bytes.subarray(at + 10, end));
    }
    if (marker === APP0 && textAt(bytes, at + 4, 'JFIF\0')) parts.isJfif = true;
    if (marker === APP14 && textAt(bytes, at + 4, 'Adobe')) parts.transform = bytes[at + 15] ?? 0;
    if (marker === APP1 || marker === APP2) parts.metadata.push([at, end]);
    at = end;
  }
  return parts;
}

const RGB_IDS = [0x52, 0x47, 0x42];

/** Kinds of JPEG that neither browsers nor our reader in Node decode: no damage, and never a reason to guess. */
const UNREAD: readonly {
  readonly reason: string;
  readonly what: string;
  readonly applies: (frame: JpegFrame, transform: number | null) => boolean;
}[] = [
  // ITU T.81, table B.1: SOF9 to SOF15 are arithmetic, SOF3 lossless, SOF5 to SOF7 hierarchical.
  { reason: 'arithmetic', what: 'is arithmetically coded', applies: ({ marker }) => marker >= 0xc9 },
  { reason: 'process', what: 'is of the lossless or the hierarchical kind', applies: ({ marker }) => marker >= 0xc3 },
  { reason: 'precision', what: 'has more than 8 bits a sample', applies: ({ precision }) => precision !== 8 },
  {
    reason: 'components',
    what: 'has neither 1, 3 nor 4 channels',
    applies: ({ ids }) => ![1, 3, 4].includes(ids.length),
  },
  {
    reason: 'cmyk',
    what: 'is in CMYK and does not say which way its inks run (it lacks Adobe’s marker)',
    applies: ({ ids }, transform) => ids.length === 4 && transform === null,
  },
];

/** Throws `data.unsupported-format`. */
function requireReadable(path: string, frame: JpegFrame, transform: number | null): void {
  const unread = UNREAD.find(({ applies }) => applies(frame, transform));
  if (unread === undefined) return;
  const { reason, what } = unread;
  const advice = 'Save it again as an ordinary RGB JPEG, or as PNG.';
  throw new StudioError('data.unsupported-format', `${path}: the JPEG ${what}, which is not supported.`, advice, {
    path,
    reason,
  });
}

/** Throws `data.unreadable-file` and `data.unsupported-format`; null where `bytes` end before the pixels begin. */
function readJpegHeader(bytes: Uint8Array, path: string, limits: ImportLimits): PhotoHeader | null {
  const { frame, orientation, transform, isJfif, metadata, isWhole } = walkJpeg(bytes);
  if (!isWhole) return null;
  if (frame === null || frame.size.width === 0) throw truncated(path);
  requireReadable(path, frame, transform);
  checkPixels(path, frame.size, limits);
  // In the order of the IJG's reader: JFIF means YCbCr, then Adobe's marker counts, then the ids.
  const isRgb = !isJfif && (transform === null ? isRgbIds(frame.ids) : transform === 0);
  const isRgbJpeg = frame.ids.length === 3 && isRgb;
  return { ...frame.size, orientation, isRgbJpeg, metadata };
}

const isRgbIds = (ids: readonly number[]): boolean => ids.every((id, i) => id === RGB_IDS[i]);

const truncated = (path: string): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: the JPEG ends within its header.`,
    'Copy or export the file again; the import goes on without it.',
    { path, reason: 'truncated' },
  );

function checkPixels(path: string, { width, height }: Size, { maxPixels }: ImportLimits): void {
  if (width * height <= maxPixels) return;
  throw new StudioError(
    'data.unsupported-format',
    `${path}: the JPEG claims ${width} x ${height} pixels; at most ${maxPixels} are read.`,
    'Scale the picture down, or check whether the file is damaged.',
    { path, reason: 'too-many-pixels', width, height, maxPixels },
  );
}

/** Chunks that change how a PNG is shown, or say something about it; not what it stores. */
const PNG_METADATA = new Set(
  'gAMA cHRM iCCP sRGB cICP mDCV cLLI eXIf tEXt zTXt iTXt tIME pHYs bKGD hIST sPLT'.split(' '),
);

function readPngPhotoHeader(bytes: Uint8Array, path: string, limits: ImportLimits): PhotoHeader | null {
  const { width, height } = readPngHeader(bytes, path, limits);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const metadata: [number, number][] = [];
  let orientation: Orientation = 1;
  let at = 8;
  while (at + 8 <= bytes.length) {
    const end = at + 12 + view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === 'IDAT') return { width, height, orientation, isRgbJpeg: false, metadata };
    if (end > bytes.length) return null;
    if (name === 'eXIf') orientation = readTiffOrientation(bytes.subarray(at + 8, end - 4));
    if (PNG_METADATA.has(name)) metadata.push([at, end]);
    at = end;
  }
  return null;
}

/**
 * Reads the header of a PNG or JPEG from the beginning of its file; null where `bytes` end before the pixels begin (then more is
 * needed), or for other formats. Throws `data.unsupported-format` above the pixel limit and for what no host can read, and
 * `data.unreadable-file` for a header that is none.
 */
export function readPhotoHeader(
  bytes: Uint8Array,
  path: string,
  limits: ImportLimits = DEFAULT_LIMITS,
): PhotoHeader | null {
  if (isPng(bytes)) return readPngPhotoHeader(bytes, path, limits);
  return isJpeg(bytes) ? readJpegHeader(bytes, path, limits) : null;
}

/** The same beginning of a file without metadata, in pieces. */
export function withoutMetadata(bytes: Uint8Array, { metadata }: PhotoHeader): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const [from, to] of metadata) {
    pieces.push(bytes.subarray(at, from));
    at = to;
  }
  return [...pieces, bytes.subarray(at)];
}
