// A zip of pairs whose photos are JPEGs as cameras write them: turned by EXIF, in RGB, plain. Every block of 8 x 8 pixels has one
// colour, so that readers can differ only in how they round colours.
import { writeFileSync } from 'node:fs';
import { zipOf } from '../../src/testing/archiveFiles.ts';
import { greyPng } from '../../src/testing/imageFiles.ts';
import { exifSegment, jpegOf } from '../../src/testing/photoFiles.ts';

const COLUMNS = 60;
const ROWS = 34;
const KINDS = [
  {},
  { segments: [exifSegment(3)] },
  { segments: [exifSegment(6)] },
  { adobe: 0, ids: [82, 71, 66] },
] as const;

/** Colours that change from block to block and from file to file. */
const blocksOf = (file: number): number[][][] =>
  Array.from({ length: ROWS }, (_, row) =>
    Array.from({ length: COLUMNS }, (__, column) => [
      (row * 7 + column * 3 + file * 40) & 255,
      64 + ((row * 5 + file * 11) & 127),
      64 + ((column * 4 + file * 23) & 127),
    ]),
  );

export async function writeJpegPairs(path: string, count: number): Promise<void> {
  const entries: Record<string, Uint8Array> = {};
  for (let file = 0; file < count; file++) {
    const stem = `jena_${String(file).padStart(6, '0')}_000019`;
    const { segments = [], ...kind } = { segments: [], ...KINDS[file % KINDS.length] };
    const isTurned = file % KINDS.length === 2;
    const [width, height] = isTurned ? [ROWS * 8, COLUMNS * 8] : [COLUMNS * 8, ROWS * 8];
    const ids = Uint8Array.from({ length: width * height }, (_, at) => [7, 11, 21, 23, 26][(at >> 5) % 5] ?? 0);
    entries[`leftImg8bit/train/jena/${stem}_leftImg8bit.jpg`] = jpegOf({ ...kind, segments, blocks: blocksOf(file) });
    entries[`gtFine/train/jena/${stem}_gtFine_labelIds.png`] = greyPng(width, height, ids);
  }
  writeFileSync(path, await zipOf(entries));
}
