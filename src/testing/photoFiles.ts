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

/** APP2 with a colour profile. */
export const iccSegment = (profile: Uint8Array): readonly number[] =>
  segment(0xe2, [...ascii('ICC_PROFILE\0'), 1, 1, ...profile]);

interface JpegSettings {
  readonly segments?: readonly (readonly number[])[];
  readonly isJfif?: boolean;
  /** Adobe's transform code. */
  readonly adobe?: number;
  readonly ids?: readonly number[];
  /** Marker of the frame header. */
  readonly frame?: number;
  /** Bits a sample. */
  readonly precision?: number;
  /** Rows of blocks; each has a sample per component. */
  readonly blocks?: readonly (readonly (readonly number[])[])[];
}

/** Samples of the picture that `jpegOf` makes by itself: 16 x 8 pixels. */
const twoBlocks = (components: number): readonly (readonly (readonly number[])[])[] => [
  [new Array<number>(components).fill(90), new Array<number>(components).fill(180)],
];

/** A baseline JPEG of blocks of 8 x 8 pixels of one colour each, so that no reader's inverse transform rounds anything. */
export function jpegOf({
  segments = [],
  isJfif = false,
  adobe,
  ids = [1, 2, 3],
  frame = 0xc0,
  precision = 8,
  blocks = twoBlocks(ids.length),
}: JpegSettings): Uint8Array {
  const components = ids.flatMap((id) => [id, 0x11, 0]);
  const size = [...word16(blocks.length * 8), ...word16((blocks[0]?.length ?? 0) * 8)];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...(isJfif ? segment(0xe0, [...ascii('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]) : []),
    ...segments.flat(),
    ...(adobe === undefined ? [] : segment(0xee, [...ascii('Adobe'), 0, 100, 0, 0, 0, 0, adobe])),
    ...segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    ...segment(frame, [precision, ...size, ids.length, ...components]),
    ...segment(0xc4, [...huffmanTable(0, 4, 12), ...huffmanTable(0x10, 1, 1)]),
    ...segment(0xda, [ids.length, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]),
    ...scanOf(blocks, ids.length),
    ...[0xff, 0xd9],
  ]);
}

/** A table of `count` symbols from 0 on, all with codes of `length` bits. */
const huffmanTable = (id: number, length: number, count: number): readonly number[] => [
  id,
  ...Array.from({ length: 16 }, (_, i) => (i + 1 === length ? count : 0)),
  ...Array.from({ length: count }, (_, symbol) => symbol),
];

/** Mean of each block as the difference to the block before (ITU T.81, F.1.2.1), then the code for no further coefficients. */
function scanOf(blocks: NonNullable<JpegSettings['blocks']>, components: number): readonly number[] {
  const before = new Array<number>(components).fill(0);
  let bits = '';
  for (const samples of blocks.flat()) {
    for (const [component, sample] of samples.entries()) {
      const mean = (sample - 128) * 8;
      const difference = mean - (before[component] ?? 0);
      before[component] = mean;
      const length = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const code = difference < 0 ? difference + 2 ** length - 1 : difference;
      const magnitude = length === 0 ? '' : code.toString(2).padStart(length, '0');
      bits += `${length.toString(2).padStart(4, '0')}${magnitude}0`;
    }
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2));
  return bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte]));
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function pngChunk(name: string, content: Uint8Array): Uint8Array {
  const body = joined(ascii(name), content);
  return joined(word32(content.length), body, word32(crc32(body)));
}

/** A PNG with chunks before its data. */
export function pngWith(chunks: readonly Uint8Array[], png: Uint8Array): Uint8Array {
  const headerEnd = 33;
  return joined(png.subarray(0, headerEnd), ...chunks, png.subarray(headerEnd));
}

/** A colour profile (ICC.1:2001) whose red is sRGB's blue, and the other way round: a reader that heeds it is found out. */
export function swappedProfile(): Uint8Array {
  const fixed = (value: number): readonly number[] => word32(Math.round(value * 65_536));
  const xyz = (values: readonly number[]): readonly number[] => [
    ...ascii('XYZ '),
    ...word32(0),
    ...values.flatMap(fixed),
  ];
  const gamma = [...ascii('curv'), ...word32(0), ...word32(1), 1, 0, 0, 0];
  const red = xyz([0.4361, 0.2225, 0.0139]);
  const green = xyz([0.3851, 0.7169, 0.0971]);
  const blue = xyz([0.1431, 0.0606, 0.7141]);
  const tags: readonly (readonly [string, readonly number[]])[] = [
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', blue],
    ['gXYZ', green],
    ['bXYZ', red],
    ['rTRC', gamma],
    ['gTRC', gamma],
    ['bTRC', gamma],
  ];
  const tableEnd = 128 + 4 + tags.length * 12;
  let at = tableEnd;
  const table = tags.flatMap(([name, content]) => {
    const entry = [...ascii(name), ...word32(at), ...word32(content.length)];
    at += content.length;
    return entry;
  });
  const profile = new Uint8Array(at);
  profile.set(word32(at), 0);
  profile.set([2, 0x10], 8);
  profile.set(ascii('mntrRGB XYZ '), 12);
  profile.set(ascii('acsp'), 36);
  profile.set([0.9642, 1, 0.8249].flatMap(fixed), 68);
  profile.set([...word32(tags.length), ...table, ...tags.flatMap(([, content]) => content)], 128);
  return profile;
}
