// Photos as they are stored, and the way up that their tag and their labels tell.
import { describe, expect, it } from 'vitest';
import type { ImportIssue } from '../../domain/importing.ts';
import { rgbPng } from '../../testing/imageFiles.ts';
import { exifSegment, jpegOf, pngChunk, pngWith, tiffWithOrientation } from '../../testing/photoFiles.ts';
import type { Orientation } from '../ports.ts';
import { readTiffOrientation, shownSize, turn } from './orientation.ts';
import { readPhotoHeader, withoutMetadata } from './photoHeader.ts';
import { upright } from './upright.ts';

/** A 3 x 2 picture whose pixels are numbered. */
const numbered = { width: 3, height: 2, data: Uint8Array.from([0, 1, 2, 3, 4, 5].flatMap((n) => [n, n, n])) };
const numbersOf = ({ data }: { readonly data: Uint8Array }): number[] => Array.from(data).filter((_, i) => i % 3 === 0);

describe('orientation', () => {
  it.each<[Orientation, readonly number[]]>([
    [1, [0, 1, 2, 3, 4, 5]],
    [2, [2, 1, 0, 5, 4, 3]],
    [3, [5, 4, 3, 2, 1, 0]],
    [4, [3, 4, 5, 0, 1, 2]],
    [5, [0, 3, 1, 4, 2, 5]],
    [6, [3, 0, 4, 1, 5, 2]],
    [7, [5, 2, 4, 1, 3, 0]],
    [8, [2, 5, 1, 4, 0, 3]],
  ])('%i is turned as EXIF says', (orientation, expected) => {
    const shown = turn(numbered, orientation);
    expect(numbersOf(shown)).toEqual(expected);
    expect({ width: shown.width, height: shown.height }).toEqual(shownSize(numbered, orientation));
  });

  it('is read in either byte order, and is 1 where there is none or it is broken', () => {
    for (const order of ['little', 'big'] as const) expect(readTiffOrientation(tiffWithOrientation(6, order))).toBe(6);
    expect(readTiffOrientation(tiffWithOrientation(9, 'little'))).toBe(1);
    expect(readTiffOrientation(tiffWithOrientation(6, 'big').subarray(0, 15))).toBe(1);
    expect(readTiffOrientation(new Uint8Array(0))).toBe(1);
  });
});

describe('the header of a photo', () => {
  it('tells orientation and size of a JPEG, and what to take out', () => {
    const bytes = jpegOf({ segments: [exifSegment(6)] });
    const header = readPhotoHeader(bytes, 'a.jpg');
    expect(header).toMatchObject({ width: 16, height: 8, orientation: 6, isRgbJpeg: false });
    const plain = withoutMetadata(bytes, header!);
    expect(plain.reduce((sum, { length }) => sum + length, 0)).toBe(jpegOf({ segments: [] }).length);
    expect(readPhotoHeader(bytes.subarray(0, 40), 'a.jpg')).toBeNull();
    const stray = jpegOf({ segments: [[0xff, 0xe3, 0, 2, 0, 7, 0xff, 0], exifSegment(6)] });
    expect(readPhotoHeader(stray, 'a.jpg')).toMatchObject({ width: 16, height: 8, orientation: 6 });
  });

  it('tells orientation and gamma of a PNG', () => {
    const chunks = [pngChunk('gAMA', Uint8Array.of(0, 0, 1, 1)), pngChunk('eXIf', tiffWithOrientation(3, 'big'))];
    const bytes = pngWith(chunks, rgbPng(1, 1, [1, 2, 3]));
    const header = readPhotoHeader(bytes, 'a.png');
    expect(header).toMatchObject({ width: 1, height: 1, orientation: 3 });
    expect(header?.metadata.length).toBe(2);
  });

  it('knows RGB JPEGs by Adobe’s marker and by their ids, unless JFIF says YCbCr', () => {
    expect(readPhotoHeader(jpegOf({ adobe: 0 }), 'a.jpg')?.isRgbJpeg).toBe(true);
    expect(readPhotoHeader(jpegOf({ adobe: 1 }), 'a.jpg')?.isRgbJpeg).toBe(false);
    expect(readPhotoHeader(jpegOf({ ids: [82, 71, 66] }), 'a.jpg')?.isRgbJpeg).toBe(true);
    expect(readPhotoHeader(jpegOf({ ids: [82, 71, 66], isJfif: true }), 'a.jpg')?.isRgbJpeg).toBe(false);
  });

  it.each([
    ['arithmetic', { frame: 0xc9 }],
    ['process', { frame: 0xc3 }],
    ['process', { frame: 0xc5 }],
    ['precision', { frame: 0xc1, precision: 12 }],
    ['components', { ids: [1, 2] }],
    ['cmyk', { ids: [1, 2, 3, 4] }],
  ])('names what no host reads: %s', (reason, settings) => {
    const refused = expect.objectContaining({ code: 'data.unsupported-format', context: { path: 'a.jpg', reason } });
    expect(() => readPhotoHeader(jpegOf(settings), 'a.jpg')).toThrow(refused);
  });

  it('lets through progressive JPEGs, and CMYK that says how', () => {
    for (const settings of [{ frame: 0xc2 }, { ids: [1, 2, 3, 4], adobe: 2 }]) {
      expect(readPhotoHeader(jpegOf(settings), 'a.jpg')).toMatchObject({ width: 16, height: 8 });
    }
  });
});

describe('a photo beside its labels', () => {
  const outcome = (orientation: Orientation, labels: { width: number; height: number } | null) => {
    const issues: ImportIssue[] = [];
    const { width } = upright('a.jpg', { ...numbered, orientation }, labels, issues);
    return { width, said: issues.map(({ code, context }) => [code, context.outcome, context.by]) };
  };

  it('is turned where only the turned one fits, and stays where only the stored one does', () => {
    expect(outcome(6, { width: 2, height: 3 })).toEqual({ width: 2, said: [['data.turned', 'turned', 'size']] });
    expect(outcome(6, { width: 30, height: 20 })).toEqual({ width: 3, said: [['data.turned', 'as-stored', 'size']] });
  });

  it('is judged by exact sizes first: at two scales, a picture that is almost square fits both ways', () => {
    const almostSquare = { width: 200, height: 199, data: new Uint8Array(200 * 199 * 3), orientation: 6 } as const;
    for (const [labels, outcome] of [
      [{ width: 200, height: 199 }, 'as-stored'],
      [{ width: 199, height: 200 }, 'turned'],
    ] as const) {
      const issues: ImportIssue[] = [];
      expect(upright('a.jpg', almostSquare, labels, issues)).toMatchObject(labels);
      expect(issues[0]?.context).toMatchObject({ outcome, by: 'size' });
    }
  });

  it('follows the tag where sizes do not tell, and says so; without a tag nothing is said', () => {
    expect(outcome(3, { width: 3, height: 2 })).toEqual({ width: 3, said: [['data.turned', 'turned', 'tag']] });
    expect(outcome(6, null)).toEqual({ width: 2, said: [['data.turned', 'turned', 'tag']] });
    expect(outcome(1, { width: 2, height: 3 })).toEqual({ width: 3, said: [] });
  });
});
