// Tables of classes, in the drop or given: several of them, in the encodings that editors save, with colours, and over polygons.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coloured, type DropFiles, grey, inspectDrop, pairsAt, photo } from '../../../testing/inspectDrop.ts';

const RED = [200, 10, 10];
const BLUE = [10, 10, 200];
const colours = pairsAt('images/*.png', 'masks/*.png', 2, () => coloured(RED, BLUE));
const finding = (text: string): unknown => expect.arrayContaining([expect.stringContaining(text)]);
const laneMap = 'background:10,10,200::\nlane:200,10,10::\n';

const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);

/** Road, car and sky are segments 1, 2 + 256 and 3 + 2 x 65536 of either picture. */
function panoptic(more = 0): string {
  const names = ['road', 'car', 'sky-other-merged', ...Array.from({ length: more }, (_, n) => `thing ${n}`)];
  const segments_info = [1, 258, 131_075].map((id, index) => ({ id, category_id: 40 + index }));
  return JSON.stringify({
    categories: names.map((name, index) => ({ id: 40 + index, name })),
    annotations: ['000.png', '001.png'].map((file_name) => ({ file_name, segments_info })),
  });
}

const cases: readonly [name: string, files: DropFiles, right: object][] = [
  [
    "CVAT's labelmap.txt",
    { ...colours, 'labelmap.txt': `# label:color_rgb:parts:actions\n${laneMap}` },
    { status: 0, coding: 'table:drop/labelmap.txt', classes: ['background', 'lane'] },
  ],
  [
    'a labelmap.txt in UTF-16',
    { ...colours, 'labelmap.txt': utf16(laneMap) },
    { status: 0, coding: 'table:drop/labelmap.txt', classes: ['background', 'lane'] },
  ],
  [
    "Datumaro's dataset_meta.json, with a mark",
    {
      ...pairsAt('images/*.png', 'masks/*.png', 2, () => coloured([0, 0, 0], RED)),
      'dataset_meta.json': `\uFEFF${JSON.stringify({
        label_map: { 0: 'background', 1: 'lane' },
        segmentation_colors: [[0, 0, 0], RED],
      })}`,
    },
    { status: 0, coding: 'table:drop/dataset_meta.json', classes: ['background', 'lane'] },
  ],
  [
    'one that is there twice',
    { ...colours, 'a/labelmap.txt': laneMap, 'b/labelmap.txt': laneMap },
    { status: 0, coding: 'table:drop/a/labelmap.txt', classes: ['background', 'lane'] },
  ],
  [
    'two that say different things',
    { ...colours, 'a/labelmap.txt': laneMap, 'b/labelmap.txt': 'sky:10,10,200::\nroad:200,10,10::\n' },
    {
      status: 2,
      questions: ['coding'],
      candidates: expect.arrayContaining(['table:drop/a/labelmap.txt', 'table:drop/b/labelmap.txt']),
      findings: finding('2 tables of classes that do not agree: drop/a/labelmap.txt, drop/b/labelmap.txt'),
    },
  ],
  [
    "COCO's panoptic format: numbers of segments, named by a JSON file",
    {
      ...pairsAt('val2017/00*.png', 'annotations/panoptic_val2017/00*.png', 2, () =>
        coloured([1, 0, 0], [2, 1, 0], [3, 0, 2], [0, 0, 0]),
      ),
      'annotations/panoptic_val2017.json': panoptic(),
    },
    {
      status: 0,
      layout: 'coco-panoptic',
      coding: 'table:drop/annotations/panoptic_val2017.json',
      classes: ['car', 'road', 'sky-other-merged'],
      splits: { 'val2017/000.png': 'val', 'val2017/001.png': 'val' },
    },
  ],
  [
    'of more categories than can be classes, those that Cityscapes has',
    {
      ...pairsAt('val2017/00*.png', 'annotations/panoptic_val2017/00*.png', 2, () =>
        coloured([1, 0, 0], [2, 1, 0], [3, 0, 2], [0, 0, 0]),
      ),
      'annotations/panoptic_val2017.json': panoptic(70),
    },
    { status: 0, classes: ['car', 'road', 'sky'] },
  ],
  [
    "somebody else's file of the same name",
    { ...pairsAt('images/*.png', 'labels/*.png', 2, () => grey(0, 1, 2, 8, 10, 13, 255)), 'labelmap.txt': '{"1": ' },
    {
      status: 0,
      coding: 'train-ids',
      findings: finding('data.unreadable-file labelmap.txt: drop/labelmap.txt is no table'),
    },
  ],
];

it.each(cases)('%s', async (_, files, right) => {
  expect(await inspectDrop(files)).toMatchObject(right);
});

it('of several tables the chosen one is taken', async () => {
  const files = { ...colours, 'a/labelmap.txt': laneMap, 'b/labelmap.txt': 'sky:10,10,200::\nroad:200,10,10::\n' };
  expect(await inspectDrop(files, ['--coding', 'table:drop/b/labelmap.txt'])).toMatchObject({
    status: 0,
    classes: ['road', 'sky'],
  });
});

const square = [
  [0, 0],
  [31, 0],
  [31, 7],
  [0, 7],
];
const polygons: DropFiles = {
  'leftImg8bit/train/ulm/ulm_0_leftImg8bit.png': photo(),
  'gtFine/train/ulm/ulm_0_gtFine_polygons.json': JSON.stringify({
    imgWidth: 32,
    imgHeight: 8,
    objects: [{ label: 'road', polygon: square }],
  }),
};

it('a coding of numbers does not apply to polygons; one of their ids does, and a table of one’s own from them', async () => {
  await expect(inspectDrop(polygons, ['--coding', 'train-ids'])).rejects.toMatchObject({ code: 'config.invalid' });
  expect(await inspectDrop(polygons, ['--coding', 'cityscapes-ids'])).toMatchObject({ classes: ['road'] });
  const folder = mkdtempSync(join(tmpdir(), 'table-'));
  try {
    writeFileSync(join(folder, 'mine.csv'), '\uFEFFvalue;class\n7;drivable\n26;obstacle\n');
    expect(await inspectDrop(polygons, ['--coding', join(folder, 'mine.csv')])).toMatchObject({
      classes: ['drivable'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
