// Archives, links, and files that cannot be read, and photos as cameras write them, case by case as people have reported them. The
// ids are those of the collection of reports.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { tarGzOf, tarOf, zipOf } from '../../../testing/archiveFiles.ts';
import { greyPng } from '../../../testing/imageFiles.ts';
import { type DropFiles, grey, inspectDrop, inspectFolder, pairsAt, photo } from '../../../testing/inspectDrop.ts';
import { exifSegment, jpegOf } from '../../../testing/photoFiles.ts';

const street = (): Uint8Array => grey(0, 1, 2, 8, 10, 13, 255);
const pairs = pairsAt('images/*.png', 'labels/*.png', 3, street);
const side = (folder: 'images' | 'labels'): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(pairs).filter(([path]) => path.startsWith(folder)));
const all = { status: 0, counts: { paired: 3, unlabelled: 0 } };
const finding = (text: string): unknown => expect.arrayContaining([expect.stringContaining(text)]);
const numbers = [0, 1, 2];
/** 16 x 8 pixels, dark on the left. */
const jpegs = (...segments: (readonly number[])[]): DropFiles =>
  Object.fromEntries(numbers.map((n) => [`images/${n}.jpg`, jpegOf({ segments })]));
const labelsOf = (width: number, height: number): DropFiles =>
  Object.fromEntries(numbers.map((n) => [`labels/${n}.png`, greyPng(width, height, 7)]));

const cases: readonly [id: string, files: () => Promise<DropFiles>, right: object][] = [
  [
    'F4 zip beside its extraction',
    async () => ({ ...pairs, 'download.zip': await zipOf(pairs) }),
    { ...all, findings: finding('data.duplicate-files download.zip: 6 files') },
  ],
  [
    'F7 linked folders',
    async () => ({
      ...Object.fromEntries(Object.entries(pairs).map(([path, bytes]) => [`../store/${path}`, bytes])),
      images: { link: '../store/images' },
      labels: { link: '../store/labels' },
    }),
    { ...all, findings: [] },
  ],
  [
    'F8 dangling link',
    async () => ({ ...pairs, 'images/9.png': { link: '/nowhere/9.png' } }),
    { ...all, findings: finding('data.not-found images/9.png') },
  ],
  [
    'F11 broken zip beside good data',
    async () => ({ ...pairs, 'more.zip': (await zipOf(pairs)).slice(0, 400) }),
    { ...all, findings: finding('data.unreadable-file more.zip') },
  ],
  [
    'F11 encrypted zip beside good data',
    async () => ({ ...pairs, 'more.zip': await zipOf({ 'x/1.png': street() }, { password: 'secret' }) }),
    { ...all, findings: finding('more') },
  ],
  [
    'F12 two zips in one drop',
    async () => ({ '01_images.zip': await zipOf(side('images')), '01_labels.zip': await zipOf(side('labels')) }),
    { ...all, findings: [] },
  ],
  [
    'F12 a download cut into several zips anywhere',
    async () => ({
      'data-001.zip': await zipOf({ 'data/images/0.png': photo(0), 'data/images/1.png': photo(1) }),
      'data-002.zip': await zipOf({
        ...{ 'data/images/2.png': photo(2), 'data/labels/2.png': street() },
        ...{ 'data/labels/0.png': street(), 'data/labels/1.png': street() },
      }),
    }),
    { ...all, findings: finding('data.paired-across') },
  ],
  [
    'F24 a tar that is cut off between two files',
    async () => ({ 'd.tar': tarOf(pairs).slice(0, -1024) }),
    { ...all, findings: finding('data.unreadable-file d.tar: drop/d.tar ends without the mark') },
  ],
  ['F24 tar.gz', async () => ({ 'd.tar.gz': tarGzOf(pairs) }), { ...all, findings: [] }],
  ['F24 nested zips', async () => ({ 'outer.zip': await zipOf({ 'inner.zip': await zipOf(pairs) }) }), all],
  [
    'F24 7z',
    async () => ({ 'a.7z': Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4) }),
    { status: 1, findings: finding('7z archives are not opened here. Unpack it') },
  ],
  [
    'P1 EXIF orientation: sizes do not tell, the tag does',
    async () => ({ ...jpegs(exifSegment(3)), ...labelsOf(16, 8) }),
    { counts: { paired: 3 }, findings: finding('EXIF orientation 3): it is turned, as the tag says') },
  ],
  [
    'P2 EXIF portrait: the labels tell by their size',
    async () => ({ ...jpegs(exifSegment(6)), ...labelsOf(8, 16) }),
    { counts: { paired: 3 }, findings: finding('EXIF orientation 6): it is turned, for so it fits its labels') },
  ],
  [
    'P2 the other way round: drawn on the picture as it is stored',
    async () => ({ ...jpegs(exifSegment(6)), ...labelsOf(16, 8) }),
    { counts: { paired: 3 }, findings: finding('EXIF orientation 6): it stays as it is stored') },
  ],
  [
    'P5 arithmetic coding is no damage',
    async () => ({ ...jpegs(), ...labelsOf(16, 8), 'images/1.jpg': jpegOf({ frame: 0xc9 }) }),
    {
      counts: { paired: 2 },
      findings: finding('data.unsupported-format images/1.jpg: drop/images/1.jpg: the JPEG is arithmetically coded'),
    },
  ],
];

it.each(cases)('%s', async (_, files, right) => {
  expect(await inspectDrop(await files())).toMatchObject(right);
});

it('F9 unreadable folder (lost+found)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drop-'));
  try {
    for (const [path, bytes] of Object.entries(pairs)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    mkdirSync(join(folder, 'lost+found'));
    chmodSync(join(folder, 'lost+found'), 0);
    const found = await inspectFolder(folder);
    expect(found).toMatchObject(all);
    // Who may read everything, as in a container, sees an empty folder.
    if (process.getuid?.() !== 0) expect(found.findings).toEqual(finding('data.unreadable-folder lost+found'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
