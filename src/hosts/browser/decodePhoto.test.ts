// Drops and photos in the browser host. Node has no bitmaps: a stand-in plays the browser's decoder, with the
// behaviour measured in Chromium: RGBA bytes as in the file, and one InvalidStateError for whatever is wrong.

import { decode, encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../data/importing/limits.ts';
import { claimingPng, fileOf, photoPng, rgbPng } from '../../testing/imageFiles.ts';
import { pngChunk, pngWith, tiffWithOrientation } from '../../testing/photoFiles.ts';
import { blobBytes } from './blobBytes.ts';
import { browserPhotoDecoder, createPhotoDecoder } from './decodePhoto.ts';

interface FakeBitmap {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
  close(): void;
}
let open = 0;
let decoded: Blob[] = [];
let asked: ImageBitmapOptions[] = [];

async function decodeLikeABrowser(blob: Blob, options: ImageBitmapOptions): Promise<FakeBitmap> {
  asked.push(options);
  decoded.push(blob);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  try {
    const { width, height, channels, data } = decode(bytes, { checkCrc: true });
    const rgba = new Uint8ClampedArray(width * height * 4);
    for (let pixel = 0; pixel < width * height; pixel++) {
      const alpha = channels === 4 ? data[pixel * 4 + 3]! : 255;
      // A canvas keeps no colour where nothing is visible.
      for (let c = 0; c < 3; c++) rgba[pixel * 4 + c] = alpha === 0 ? 0 : data[pixel * channels + c]!;
      rgba[pixel * 4 + 3] = alpha;
    }
    open++;
    return { width, height, rgba, close: () => open-- };
  } catch {
    throw new DOMException('The source image could not be decoded.', 'InvalidStateError');
  }
}

class FakeCanvas {
  width: number;
  height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }
  getContext() {
    let drawn: FakeBitmap | null = null;
    return {
      canvas: this,
      drawImage: (bitmap: FakeBitmap) => {
        drawn = bitmap;
      },
      getImageData: () => {
        expect([this.width, this.height]).toEqual([drawn!.width, drawn!.height]);
        return { data: drawn!.rgba };
      },
    };
  }
}

beforeEach(() => {
  [open, decoded, asked] = [0, [], []];
  vi.stubGlobal('createImageBitmap', decodeLikeABrowser);
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
});
afterEach(() => {
  expect(open, 'bitmaps left open').toBe(0);
  for (const options of asked) expect(options).toEqual({ colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  vi.unstubAllGlobals();
});

const blobWith = (bytes: Uint8Array): Blob => new Blob([new Uint8Array(bytes)]);
const decodeDropped = (path: string, bytes: Uint8Array, decoder = browserPhotoDecoder) =>
  decoder.decode(blobBytes(blobWith(bytes)).asFile(path));

describe('browserPhotoDecoder', () => {
  it('gives the bytes of the file, for pictures of different sizes in turn', async () => {
    for (const [width, height] of [
      [6, 4],
      [3, 7],
      [6, 4],
    ] as const) {
      const image = await decodeDropped('a.png', photoPng(width, height));
      const { data } = decode(photoPng(width, height));
      expect(image).toEqual({ width, height, data: Uint8Array.from(data), orientation: 1 });
    }
  });

  it('hands the dropped blob itself to the browser, and wraps files out of archives', async () => {
    const dropped = blobWith(photoPng(4, 4));
    await browserPhotoDecoder.decode(blobBytes(dropped).asFile('a.png'));
    expect(decoded).toHaveLength(1);
    expect(decoded[0]).toBe(dropped);
    await browserPhotoDecoder.decode(fileOf('zip/a.png', photoPng(4, 4)));
    expect(decoded).toHaveLength(2);
  });

  it('finds the tag however much stands before it, and hides it from the browser', async () => {
    const tag = pngChunk('eXIf', tiffWithOrientation(6, 'big'));
    for (const length of [0, 20_000, 2 ** 20 + 1]) {
      const bytes = pngWith([pngChunk('iTXt', new Uint8Array(length)), tag], photoPng(4, 2));
      expect(await decodeDropped('a.png', bytes)).toMatchObject({ width: 4, height: 2, orientation: 6 });
      expect(decoded.at(-1)?.size).toBe(photoPng(4, 2).length);
    }
  });

  it('keeps the colour of transparent pixels', async () => {
    const rgba = Uint8Array.from([10, 20, 30, 0, 40, 50, 60, 255, 70, 80, 90, 128, 1, 2, 3, 255]);
    const image = await decodeDropped('a.png', encode({ width: 2, height: 2, data: rgba, channels: 4 }));
    expect([...image.data]).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 3]);
  });

  it('reads 16-bit PNGs as every host does, by their upper 8 bits', async () => {
    const data = Uint16Array.from([0x12ff, 0x3480, 0x56ff, 0x0001, 0xff00, 0xabcd]);
    const image = await decodeDropped('a.png', encode({ width: 2, height: 1, data, channels: 3, depth: 16 }));
    expect([...image.data]).toEqual([0x12, 0x34, 0x56, 0x00, 0xff, 0xab]);
    expect(decoded).toEqual([]);
  });

  const whole = rgbPng(
    8,
    8,
    Uint8Array.from({ length: 192 }, (_, i) => (i * 89) & 255),
  );
  const damaged = whole.slice();
  damaged[60]! ^= 255;
  it.each([
    ['a truncated PNG', 'a.png', whole.slice(0, 90), 'data.unreadable-file', 'truncated'],
    ['a damaged PNG', 'a.png', damaged, 'data.unreadable-file', 'damaged'],
    [
      'a text file called .png',
      'a.png',
      new TextEncoder().encode('no picture at all'),
      'data.unreadable-file',
      'not-a-picture',
    ],
    [
      'a JPEG that is cut off',
      'a.jpg',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16),
      'data.unreadable-file',
      'damaged',
    ],
    ['an empty file', 'a.png', new Uint8Array(0), 'data.unreadable-file', 'empty'],
    [
      'a format the browser does not know',
      'a.tiff',
      Uint8Array.of(0x49, 0x49, 42, 0),
      'data.unsupported-format',
      'format',
    ],
    [
      'a PNG that claims to be huge',
      'a.png',
      claimingPng(30_000, 30_000),
      'data.unsupported-format',
      'too-many-pixels',
    ],
  ])('names %s', async (_, path, bytes, code, reason) => {
    await expect(decodeDropped(path, bytes)).rejects.toMatchObject({ code, context: { path, reason } });
  });

  it('refuses what turns out too large only once decoded, and what has too many bytes', async () => {
    const small = createPhotoDecoder({ ...DEFAULT_LIMITS, maxPixels: 15 });
    vi.stubGlobal('createImageBitmap', async () => {
      open++;
      return { width: 4, height: 4, close: () => open-- };
    });
    const expected = { code: 'data.unsupported-format', context: { reason: 'too-many-pixels', width: 4 } };
    await expect(decodeDropped('a.jpg', Uint8Array.of(0xff, 0xd8, 0xff), small)).rejects.toMatchObject(expected);
    const narrow = createPhotoDecoder({ ...DEFAULT_LIMITS, maxFileBytes: 20 });
    await expect(decodeDropped('a.png', photoPng(4, 4), narrow)).rejects.toMatchObject({
      code: 'data.unsupported-format',
    });
  });
});
