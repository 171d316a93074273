// Photos for tests, byte by byte: headers of JPEGs and PNGs with the tags and chunks that cameras and tools write.
import { crc32 } from '../session/storage/crc32.ts';

const word16 = (value: number): readonly number[] => [value >> 8, value & 255];
const word32 = (value: number): readonly number[] => [
  value >>> 24,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
];
const ascii = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

/** A TIFF block of one entry, the orientation. */
export function tiffWithOrientation(orientation: number, order: 'little' | 'big'): Uint8Array {
  const bytes = new Uint8Array(26);
  const view = new DataView(bytes.buffer);
  const isLittle = order === 'little';
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, 1, isLittle);
  view.setUint16(10, 0x0112, isLittle);
  view.setUint16(12, 3, isLittle);
  view.setUint32(14, 1, isLittle);
  view.setUint16(18, orientation, isLittle);
  return bytes;
}

function segment(marker: number, content: readonly number[]): readonly number[] {
  return [0xff, marker, ...word16(content.length + 2), ...content];
}

/** APP1 with an orientation. */
export const exifSegment = (orientation: number): readonly number[] =>
  segment(0xe1, [...ascii('Exif\0\0'), ...tiffWithOrientation(orientation, 'big')]);

interface JpegSettings {
  readonly segments?: readonly (readonly number[])[];
  readonly isJfif?: boolean;
  /** Adobe's transform code. */
  readonly adobe?: number;
  readonly ids?: readonly number[];
  /** Marker of the frame header. */
  readonly frame?: number;
}

/** A JPEG of 16 x 8 up to the start of its scan; there are no pixels. */
export function jpegOf({
  segments = [],
  isJfif = false,
  adobe,
  ids = [1, 2, 3],
  frame = 0xc0,
}: JpegSettings): Uint8Array {
  const components = ids.flatMap((id) => [id, 0x11, 0]);
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...(isJfif ? segment(0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]) : []),
    ...segments.flat(),
    ...(adobe === undefined ? [] : segment(0xee, [...ascii('Adobe'), 0, 100, 0, 0, 0, 0, adobe])),
    ...segment(frame, [8, ...word16(8), ...word16(16), ids.length, ...components]),
    ...segment(0xda, [ids.length, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]),
  ]);
}

export function pngChunk(name: string, content: Uint8Array): Uint8Array {
  const body = Uint8Array.from([...ascii(name), ...content]);
  return Uint8Array.from([...word32(content.length), ...body, ...word32(crc32(body))]);
}

/** An RGB PNG of one pixel with chunks before its data. */
export function pngWith(chunks: readonly Uint8Array[], data: Uint8Array): Uint8Array {
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...pngChunk('IHDR', Uint8Array.from([...word32(1), ...word32(1), 8, 2, 0, 0, 0])),
    ...chunks.flatMap((chunk) => [...chunk]),
    ...pngChunk('IDAT', data),
    ...pngChunk('IEND', new Uint8Array(0)),
  ]);
}
