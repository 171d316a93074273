// What a browser makes of photos that browsers turn, manage and convert: the pixels that Node reads from the same files.
import { deflateSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import jpeg from 'jpeg-js';
import { build } from 'vite';
import type { Orientation, SourceFile, StoredPhoto } from '../src/data/ports.ts';
import { nodePhotoDecoder } from '../src/hosts/node/decodePhoto.ts';
import { fileOf, photoPng } from '../src/testing/imageFiles.ts';
import {
  exifSegment,
  iccSegment,
  jpegOf,
  pngChunk,
  pngWith,
  swappedProfile,
  tiffWithOrientation,
} from '../src/testing/photoFiles.ts';

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
/** Three blocks by two, whose colours tell every turn and every change of channels. */
const BLOCKS = [
  [
    [200, 30, 60, 220],
    [20, 180, 90, 130],
    [70, 80, 240, 250],
  ],
  [
    [255, 255, 255, 90],
    [0, 0, 0, 255],
    [120, 60, 30, 200],
  ],
];
const blocksOf = (components: number) => BLOCKS.map((row) => row.map((colour) => colour.slice(0, components)));
const blocks = blocksOf(3);
const png = photoPng(6, 4);
const word = (value: number): readonly number[] => [value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const profile = swappedProfile();

/** How far a browser's samples may lie from Node's: 0 but where YCbCr or inks are converted, or an inverse transform rounds. */
const FILES: readonly (readonly [name: string, bytes: Uint8Array, tolerance: number])[] = [
  ...ORIENTATIONS.flatMap((orientation): [string, Uint8Array, number][] => [
    [`turned-${orientation}.jpg`, jpegOf({ blocks, adobe: 0, segments: [exifSegment(orientation)] }), 0],
    [`turned-${orientation}.png`, pngWith([pngChunk('eXIf', tiffWithOrientation(orientation, 'big'))], png), 0],
  ]),
  ['rgb-by-adobe.jpg', jpegOf({ blocks, adobe: 0 }), 0],
  ['rgb-by-ids.jpg', jpegOf({ blocks, ids: [82, 71, 66] }), 0],
  ['ycbcr.jpg', jpegOf({ blocks, isJfif: true }), 1],
  ['ycbcr-ids-of-rgb.jpg', jpegOf({ blocks, isJfif: true, ids: [82, 71, 66] }), 1],
  ['grey.jpg', jpegOf({ blocks: blocksOf(1), ids: [1] }), 0],
  ['cmyk.jpg', jpegOf({ blocks: BLOCKS, ids: [1, 2, 3, 4], adobe: 0 }), 1],
  ['ycck.jpg', jpegOf({ blocks: BLOCKS, ids: [1, 2, 3, 4], adobe: 2 }), 2],
  ['icc.jpg', jpegOf({ blocks, adobe: 0, segments: [iccSegment(profile)] }), 0],
  ['textured.jpg', texturedJpeg(), 3],
  ['gamma.png', pngWith([pngChunk('gAMA', Uint8Array.from(word(100_000)))], png), 0],
  ['primaries.png', pngWith([pngChunk('gAMA', Uint8Array.from(word(45_455))), pngChunk('cHRM', wideGamut())], png), 0],
  ['icc.png', pngWith([pngChunk('iCCP', Uint8Array.from([0x78, 0, 0, ...deflateSync(profile)]))], png), 0],
  ['damaged-text.png', pngWith([damagedText()], png), 0],
];

/** A text whose checksum is wrong. */
function damagedText(): Uint8Array {
  const chunk = pngChunk('tEXt', Uint8Array.of(65, 0, 66));
  return Uint8Array.from(chunk, (byte, i) => (i === chunk.length - 1 ? byte ^ 1 : byte));
}

/** White point, red, green and blue of Rec. 2020, in hundred thousandths. */
function wideGamut(): Uint8Array {
  return Uint8Array.from([31_270, 32_900, 70_800, 29_200, 17_000, 79_700, 13_100, 4600].flatMap(word));
}

function texturedJpeg(): Uint8Array {
  const [width, height] = [40, 24];
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => 128 + 100 * Math.sin(i * 0.11 + (i % 4)));
  return new Uint8Array(jpeg.encode({ width, height, data }, 90).data);
}

/** The browser's decoder as a script that sets `photos`. */
async function decoderScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: 'src/hosts/browser/decodePhoto.ts', formats: ['iife'], name: 'photos' },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (output === undefined || !('output' in output)) throw new Error('Nothing was built.');
  return output.output[0].code;
}

interface BrowserAnswer {
  readonly photo: (Omit<StoredPhoto, 'data'> & { readonly data: readonly number[] }) | string;
  /** RGB samples of what the browser shows of the file if it is given it as it is. */
  readonly shown: readonly number[];
}

function inBrowser(page: Page, path: string, bytes: Uint8Array): Promise<BrowserAnswer> {
  return page.evaluate(
    async ({ path, content }) => {
      const bytes = Uint8Array.from(content);
      const { browserPhotoDecoder } = (
        globalThis as unknown as { photos: { browserPhotoDecoder: { decode(file: SourceFile): Promise<StoredPhoto> } } }
      ).photos;
      const photo = await browserPhotoDecoder
        .decode({ path, sizeBytes: bytes.length, bytes: async () => bytes })
        .then(({ data, ...rest }) => ({ ...rest, data: [...data] }))
        .catch((error: unknown) => String((error as { code?: unknown }).code ?? error));
      const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null);
      if (bitmap === null) return { photo, shown: [] };
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const rgba = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
      return { photo, shown: [...rgba].filter((_, i) => i % 4 < 3) };
    },
    { path, content: [...bytes] },
  );
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);

test.describe.configure({ mode: 'serial' });
let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await page.addScriptTag({ content: await decoderScript() });
});
test.afterAll(() => page.close());

test('the browser reads the pixels that Node reads, however it would show them', async () => {
  for (const [path, bytes, tolerance] of FILES) {
    const { data, ...node } = await nodePhotoDecoder.decode(fileOf(path, bytes));
    const { photo, shown } = await inBrowser(page, path, bytes);
    if (typeof photo === 'string') throw new Error(`${path}: ${photo}`);
    const { data: seen, ...browser } = photo;
    expect(browser, path).toEqual(node);
    expect(farthest(seen, data), path).toBeLessThanOrEqual(tolerance);
    // The file is one that a browser treats in its own way, or this test would prove nothing.
    if (/^(turned-[2-8]|icc|gamma|primaries)/.test(path)) expect(farthest(shown, data), path).toBeGreaterThan(10);
  }
});

test('both refuse the same files, by the same code', async () => {
  const textured = texturedJpeg();
  for (const [path, bytes, code] of [
    ['no-end.jpg', jpegOf({ blocks, adobe: 0 }).slice(0, -2), 'data.unreadable-file'],
    ['cut.jpg', textured.slice(0, textured.length / 2), 'data.unreadable-file'],
    ['twelve-bits.jpg', jpegOf({ blocks, frame: 0xc1, precision: 12 }), 'data.unsupported-format'],
    ['arithmetic.jpg', jpegOf({ blocks, frame: 0xc9 }), 'data.unsupported-format'],
    ['inks.jpg', jpegOf({ blocks: BLOCKS, ids: [1, 2, 3, 4] }), 'data.unsupported-format'],
  ] as const) {
    await expect(nodePhotoDecoder.decode(fileOf(path, bytes)), path).rejects.toMatchObject({ code });
    expect((await inBrowser(page, path, bytes)).photo, path).toBe(code);
  }
});
