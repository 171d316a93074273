// PNG bytes to samples, exactly as written: palette indices stay indices, nothing is scaled or colour-managed.
// The chunk structure is checked here before fast-png inflates anything; what samples mean is the callers' matter.

import { decode } from 'fast-png';
import type { RgbImage } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import { essentialChunks } from './pngChunks.ts';

export type PngColourType = 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 1 | 2 | 4 | 8 | 16;
  readonly colourType: PngColourType;
  readonly channels: number;
}

export interface PngPixels extends PngHeader {
  /** [height, width, channels]: one entry a sample; 16 bits wide only where the file is. */
  readonly samples: Uint8Array | Uint16Array;
  /** RGB of each palette index; null unless `colourType` is `palette`. */
  readonly palette: readonly (readonly number[])[] | null;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const COLOUR_TYPES: Readonly<Record<number, readonly [PngColourType, number, readonly number[]]>> = {
  0: ['grey', 1, [1, 2, 4, 8, 16]],
  2: ['rgb', 3, [8, 16]],
  3: ['palette', 1, [1, 2, 4, 8]],
  4: ['grey-alpha', 2, [8, 16]],
  6: ['rgba', 4, [8, 16]],
};
const isBitDepth = (value: number): value is PngHeader['bitDepth'] => [1, 2, 4, 8, 16].includes(value);

const word = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
const chunkName = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at + 4, at + 8));

const unreadable = (path: string, what: string, reason: string, cause?: unknown): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: ${what}`,
    'Copy or export the file again; the import goes on without it.',
    { path, reason },
    cause,
  );

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads size and format from the first chunk alone. Throws `data.unreadable-file` for what is not a PNG and
 * `data.unsupported-format` for a picture above the pixel limit, before anything is inflated.
 */
export function readPngHeader(bytes: Uint8Array, path: string, limits: ImportLimits = DEFAULT_LIMITS): PngHeader {
  if (bytes.length === 0) throw unreadable(path, 'the file is empty (0 bytes).', 'empty');
  if (!isPng(bytes)) throw unreadable(path, 'the content is not a PNG, whatever the name says.', 'not-png');
  if (bytes.length < 33 || word(bytes, 8) !== 13 || chunkName(bytes, 8) !== 'IHDR') {
    throw unreadable(path, 'the PNG ends within, or does not begin with, its header.', 'truncated');
  }
  const width = word(bytes, 16);
  const height = word(bytes, 20);
  const bitDepth = bytes[24] ?? 0;
  const format = COLOUR_TYPES[bytes[25] ?? -1];
  if (width === 0 || height === 0 || format === undefined || !isBitDepth(bitDepth) || !format[2].includes(bitDepth)) {
    throw unreadable(path, `the PNG header is invalid (${width} x ${height}, depth ${bitDepth}).`, 'bad-header');
  }
  if (width * height > limits.maxPixels) {
    throw new StudioError(
      'data.unsupported-format',
      `${path}: the PNG claims ${width} x ${height} pixels; at most ${limits.maxPixels} are read.`,
      'Scale the picture down, or check whether the file is damaged.',
      { path, reason: 'too-many-pixels', width, height, maxPixels: limits.maxPixels },
    );
  }
  // fast-png takes interlaced samples for whole bytes; wrong values would be worse than none.
  if (bitDepth < 8 && bytes[28] !== 0) {
    throw new StudioError(
      'data.unsupported-format',
      `${path}: an interlaced PNG with ${bitDepth} bits a sample.`,
      'Save it without interlacing, or with 8 bits a sample.',
      { path, reason: 'interlaced', bitDepth },
    );
  }
  return { width, height, bitDepth, colourType: format[0], channels: format[1] };
}

/** Bytes of the inflated scan lines, filter bytes included; interlaced files have at most seven passes of them. */
const scanBytes = ({ width, height, bitDepth, channels }: PngHeader): number =>
  (Math.ceil((width * channels * bitDepth) / 8) + 1) * height;

/** Samples of fewer than 8 bits lie packed, each row padded to a whole byte (PNG specification 7.2). */
function unpack(packed: Uint8Array, { width, height, bitDepth, channels }: PngHeader): Uint8Array {
  const perRow = width * channels;
  const rowBytes = Math.ceil((perRow * bitDepth) / 8);
  const mask = (1 << bitDepth) - 1;
  const samples = new Uint8Array(perRow * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < perRow; x++) {
      const bit = x * bitDepth;
      const byte = packed[y * rowBytes + (bit >> 3)] ?? 0;
      samples[y * perRow + x] = (byte >> (8 - bitDepth - (bit & 7))) & mask;
    }
  }
  return samples;
}

/** Decodes with checksums verified. Throws `data.unreadable-file` or `data.unsupported-format`. */
export function decodePng(bytes: Uint8Array, path: string, limits: ImportLimits = DEFAULT_LIMITS): PngPixels {
  const header = readPngHeader(bytes, path, limits);
  const essential = essentialChunks(bytes, path, scanBytes(header));
  try {
    // Checksums count where they guard pixels: a broken one on a text chunk is no reason to lose the picture.
    const png = decode(essential, { checkCrc: true });
    const data =
      png.data instanceof Uint16Array
        ? png.data
        : new Uint8Array(png.data.buffer, png.data.byteOffset, png.data.byteLength);
    const samples = header.bitDepth < 8 && !(data instanceof Uint16Array) ? unpack(data, header) : data;
    return { ...header, samples, palette: header.colourType === 'palette' ? (png.palette ?? []) : null };
  } catch (error) {
    throw unreadable(path, `the PNG is damaged (${error instanceof Error ? error.message : error}).`, 'damaged', error);
  }
}

/** A photo's RGB bytes: palettes looked up, grey spread, 16 bits reduced to their upper 8, alpha ignored. */
export function decodePngPhoto(bytes: Uint8Array, path: string, limits: ImportLimits = DEFAULT_LIMITS): RgbImage {
  const { width, height, bitDepth, colourType, channels, samples, palette } = decodePng(bytes, path, limits);
  if (colourType === 'rgb' && samples instanceof Uint8Array) return { width, height, data: samples };
  const data = new Uint8Array(width * height * 3);
  const shift = bitDepth === 16 ? 8 : 0;
  const scale = bitDepth < 8 && palette === null ? 255 / ((1 << bitDepth) - 1) : 1;
  const grey = channels < 3;
  for (let from = 0, to = 0; to < data.length; from += channels, to += 3) {
    const first = samples[from] ?? 0;
    if (palette !== null) {
      const rgb = palette[first];
      if (rgb === undefined) throw unreadable(path, `a pixel uses colour ${first} of ${palette.length}.`, 'damaged');
      data[to] = rgb[0] ?? 0;
      data[to + 1] = rgb[1] ?? 0;
      data[to + 2] = rgb[2] ?? 0;
    } else {
      data[to] = (first >> shift) * scale;
      data[to + 1] = grey ? (first >> shift) * scale : (samples[from + 1] ?? 0) >> shift;
      data[to + 2] = grey ? (first >> shift) * scale : (samples[from + 2] ?? 0) >> shift;
    }
  }
  return { width, height, data };
}
