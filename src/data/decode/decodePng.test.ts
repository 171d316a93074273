// PNG reading: samples exactly as written, and every kind of broken file named.
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { StudioError } from '../../domain/errors.ts';
import { RandomStream } from '../../domain/rng.ts';
import { claimingPng, greyPng, palettePng, rgbPng } from '../../testing/imageFiles.ts';
import { pngChunk, pngWith } from '../../testing/photoFiles.ts';
import { decodePng, decodePngPhoto, readPngHeader } from './decodePng.ts';

const thrownBy = (act: () => unknown): StudioError => {
  try {
    act();
  } catch (error) {
    return error as StudioError;
  }
  throw new Error('nothing was thrown');
};

describe('decodePng', () => {
  it('returns palette indices, not colours', () => {
    const png = palettePng(
      2,
      2,
      [0, 2, 1, 2],
      [
        [9, 9, 9],
        [1, 2, 3],
        [4, 5, 6],
      ],
    );
    const decoded = decodePng(png, 'p.png');
    expect(decoded.colourType).toBe('palette');
    expect([...decoded.samples]).toEqual([0, 2, 1, 2]);
    expect(decoded.palette?.[2]).toEqual([4, 5, 6]);
  });

  it('unpacks samples of 1, 2 and 4 bits with padded rows', () => {
    // 3 samples of 2 bits: 1, 2, 3 and padding; then 3, 0, 1.
    const data = Uint8Array.of(0b01101100, 0b11000100);
    const png = encode({ width: 3, height: 2, data, channels: 1, depth: 2 });
    expect([...decodePng(png, 'g.png').samples]).toEqual([1, 2, 3, 3, 0, 1]);
  });

  it('decodes interlaced files to the same samples', () => {
    const data = Uint8Array.from({ length: 9 * 5 }, (_, i) => i * 5);
    const png = encode({ width: 9, height: 5, data, channels: 1, depth: 8 }, { interlace: 'Adam7' });
    expect([...decodePng(png, 'i.png').samples]).toEqual([...data]);
    const packed = encode({ width: 8, height: 1, data: Uint8Array.of(0xaa), channels: 1, depth: 1 }).slice();
    packed[28] = 1;
    expect(thrownBy(() => decodePng(packed, 'i.png')).context).toMatchObject({ reason: 'interlaced', bitDepth: 1 });
  });

  it('refuses a truncated file wherever it is cut', () => {
    const png = rgbPng(
      16,
      16,
      Array.from({ length: 768 }, (_, i) => (i * 37) & 255),
    );
    for (const length of [9, 20, 33, 50, png.length - 20, png.length - 12, png.length - 1]) {
      const error = thrownBy(() => decodePng(png.slice(0, length), 'cut.png'));
      expect(error.code).toBe('data.unreadable-file');
      expect(error.context).toMatchObject({ path: 'cut.png', reason: 'truncated' });
    }
  });

  it('does not read beyond a view into a larger buffer', () => {
    const png = greyPng(8, 8, 3);
    const larger = new Uint8Array(png.length + 64);
    larger.set(png, 32);
    expect(new Set(decodePng(larger.subarray(32, 32 + png.length), 'v.png').samples)).toEqual(new Set([3]));
    expect(thrownBy(() => decodePng(larger.subarray(32, 32 + png.length - 5), 'v.png')).code).toBe(
      'data.unreadable-file',
    );
  });

  it('notices a flipped byte in the picture data', () => {
    const png = greyPng(
      8,
      8,
      Array.from({ length: 64 }, (_, i) => i),
    );
    png[60] = (png[60] ?? 0) ^ 1;
    expect(thrownBy(() => decodePng(png, 'bad.png')).context).toMatchObject({ reason: 'damaged' });
  });

  it('does not lose a picture to the checksum of a text, before or after its data', () => {
    const text = pngChunk('tEXt', Uint8Array.of(65, 0, 66));
    text[text.length - 1]! ^= 1;
    const png = rgbPng(1, 1, [1, 2, 3]);
    const end = png.length - 12;
    const late = Uint8Array.from([...png.subarray(0, end), ...text, ...png.subarray(end)]);
    for (const bytes of [pngWith([text], png), late]) expect([...decodePng(bytes, 'a.png').samples]).toEqual([1, 2, 3]);
  });

  it('names a text file called .png, and an empty file', () => {
    const text = new TextEncoder().encode('this is not a picture, it only claims to be one by its name');
    expect(thrownBy(() => decodePng(text, 'readme.png')).context).toMatchObject({ reason: 'not-png' });
    expect(thrownBy(() => decodePng(new Uint8Array(0), 'void.png')).context).toMatchObject({ reason: 'empty' });
  });

  it('refuses huge declared dimensions from the header alone', () => {
    const error = thrownBy(() => readPngHeader(claimingPng(60_000, 60_000), 'huge.png'));
    expect(error.code).toBe('data.unsupported-format');
    expect(error.context).toMatchObject({ reason: 'too-many-pixels', width: 60_000, height: 60_000 });
  });

  it('refuses far more compressed data than the declared size can need', () => {
    const random = new RandomStream(1, 'noise');
    const noise = Uint8Array.from({ length: 400_000 }, () => random.integer(256));
    const bomb = greyPng(1000, 400, noise).slice();
    new DataView(bomb.buffer).setUint32(16, 4);
    new DataView(bomb.buffer).setUint32(20, 4);
    expect(thrownBy(() => decodePng(bomb, 'bomb.png')).context).toMatchObject({ reason: 'inflates-too-far' });
  });
});

describe('decodePngPhoto', () => {
  it('looks up palettes, spreads grey and reduces 16 bits to the upper 8', () => {
    expect([
      ...decodePngPhoto(
        palettePng(
          2,
          1,
          [1, 0],
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ),
        'a.png',
      ).data,
    ]).toEqual([4, 5, 6, 1, 2, 3]);
    expect([...decodePngPhoto(greyPng(2, 1, [7, 9]), 'b.png').data]).toEqual([7, 7, 7, 9, 9, 9]);
    const deep = encode({ width: 1, height: 1, data: Uint16Array.of(0x1234, 0xff00, 0x00ff), channels: 3, depth: 16 });
    expect([...decodePngPhoto(deep, 'c.png').data]).toEqual([0x12, 0xff, 0x00]);
    const bits = encode({ width: 2, height: 1, data: Uint8Array.of(0b01000000), channels: 1, depth: 1 });
    expect([...decodePngPhoto(bits, 'd.png').data]).toEqual([0, 0, 0, 255, 255, 255]);
    const alpha = encode({ width: 1, height: 1, data: Uint8Array.of(10, 20, 30, 0), channels: 4, depth: 8 });
    expect([...decodePngPhoto(alpha, 'e.png').data]).toEqual([10, 20, 30]);
  });
});
