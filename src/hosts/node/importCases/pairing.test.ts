// Which labels belong to which photos, and what becomes of the rest, case by case as people have reported them. The ids are those
// of the collection of reports.
import { expect, it } from 'vitest';
import {
  coloured,
  type DropFiles,
  deepColoured,
  grey,
  inspectDrop,
  pairsAt,
  photo,
} from '../../../testing/inspectDrop.ts';

/** Train ids of a street, which nothing else explains. */
const street = (): Uint8Array => grey(0, 1, 2, 8, 10, 13, 255);
const finding = (text: string): unknown => expect.arrayContaining([expect.stringContaining(text)]);
const streetAt = (photos: string, labels: string, count = 3): Record<string, Uint8Array> =>
  pairsAt(photos, labels, count, street);
const without = (files: DropFiles, ...paths: string[]): DropFiles =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));
const paired = (photos: string, labels: string, count = 3): Record<string, string> =>
  Object.fromEntries([...Array(count).keys()].map((n) => [photos.replace('*', `${n}`), labels.replace('*', `${n}`)]));

const cases: readonly [id: string, files: DropFiles, right: object, at?: string][] = [
  [
    'L17 Foggy Cityscapes',
    {
      ...streetAt(
        'leftImg8bit_foggy/val/ulm/ulm_*_leftImg8bit_foggy_beta_0.02.png',
        'gtFine/val/ulm/ulm_*_gtFine_labelTrainIds.png',
      ),
    },
    {
      status: 0,
      layout: 'foggy-cityscapes',
      pairs: paired(
        'leftImg8bit_foggy/val/ulm/ulm_*_leftImg8bit_foggy_beta_0.02.png',
        'gtFine/val/ulm/ulm_*_gtFine_labelTrainIds.png',
      ),
    },
  ],
  [
    'F1 repeated frame names',
    without(
      {
        ...streetAt(
          'leftImg8bit/train/201/frame*_leftImg8bit.png',
          'gtFine/train/201/frame*_gtFine_labelTrainIds.png',
          2,
        ),
        ...streetAt(
          'leftImg8bit/train/337/frame*_leftImg8bit.png',
          'gtFine/train/337/frame*_gtFine_labelTrainIds.png',
          2,
        ),
      },
      'gtFine/train/201/frame1_gtFine_labelTrainIds.png',
    ),
    {
      status: 0,
      pairs: {
        'leftImg8bit/train/201/frame0_leftImg8bit.png': 'gtFine/train/201/frame0_gtFine_labelTrainIds.png',
        'leftImg8bit/train/201/frame1_leftImg8bit.png': null,
        'leftImg8bit/train/337/frame0_leftImg8bit.png': 'gtFine/train/337/frame0_gtFine_labelTrainIds.png',
        'leftImg8bit/train/337/frame1_leftImg8bit.png': 'gtFine/train/337/frame1_gtFine_labelTrainIds.png',
      },
    },
  ],
  [
    'F2 sequences',
    without(
      { ...streetAt('seqA/images/*.png', 'seqA/labels/*.png'), ...streetAt('seqB/images/*.png', 'seqB/labels/*.png') },
      'seqA/labels/2.png',
      'seqB/images/2.png',
    ),
    {
      status: 0,
      pairs: {
        ...paired('seqA/images/*.png', 'seqA/labels/*.png', 2),
        'seqA/images/2.png': null,
        ...paired('seqB/images/*.png', 'seqB/labels/*.png', 2),
      },
      findings: finding('data.unpaired seqB/labels/2.png'),
    },
  ],
  ...['test', 'train', 'val'].map((root): [string, DropFiles, object, string] => [
    `F3 root folder called ${root}`,
    {
      ...streetAt(`${root}/train/images/*.png`, `${root}/train/labels/*.png`),
      ...streetAt(`${root}/val/images/*.png`, `${root}/val/labels/*.png`),
    },
    {
      status: 0,
      counts: { paired: 6, unlabelled: 0 },
      splits: {
        'train/images/0.png': 'train',
        'train/images/1.png': 'train',
        'train/images/2.png': 'train',
        'val/images/0.png': 'val',
        'val/images/1.png': 'val',
        'val/images/2.png': 'val',
      },
    },
    `drop/${root}`,
  ]),
  [
    'F5 labels/rgb beside labels/ids',
    {
      ...streetAt('images/*.png', 'labels/ids/*.png'),
      'labels/rgb/0.png': coloured([128, 64, 128], [70, 70, 70]),
      'labels/rgb/1.png': coloured([128, 64, 128], [70, 70, 70]),
    },
    { status: 0, pairs: paired('images/*.png', 'labels/ids/*.png'), unused: { 'another-label-file': 2 } },
  ],
  [
    'F6 masks inside images/',
    streetAt('images/a*.png', 'images/a*_mask.png'),
    { status: 0, pairs: paired('images/a*.png', 'images/a*_mask.png') },
  ],
  [
    'F13 NFC/NFD names',
    {
      ...{ 'images/Zürich_01.png': photo(), 'images/Köln_02.png': photo(1) },
      ['labels/Zürich_01.png'.normalize('NFD')]: street(),
      ['labels/Köln_02.png'.normalize('NFD')]: street(),
    },
    { status: 0, counts: { paired: 2, unlabelled: 0, leftOut: 0 } },
  ],
  [
    'F15 folder whose name begins with a dot',
    streetAt('.street/images/*.png', '.street/labels/*.png'),
    { status: 0, counts: { paired: 3, unlabelled: 0, leftOut: 0 } },
    'drop/.street',
  ],
  [
    'F15 of nothing but such a folder within the drop: it is named',
    streetAt('.street/images/*.png', '.street/labels/*.png'),
    { status: 1, findings: finding('what file managers and archivers leave behind (first: drop/.street)') },
  ],
  [
    'F16 stereo names …_L.png',
    streetAt('images/00000*_L.png', 'labels/00000*_L.png'),
    { status: 0, layout: 'plain', pairs: paired('images/00000*_L.png', 'labels/00000*_L.png') },
  ],
  [
    'F17 mmseg layout',
    {
      ...streetAt('img_dir/train/*.png', 'ann_dir/train/*.png'),
      ...streetAt('img_dir/val/v*.png', 'ann_dir/val/v*.png'),
    },
    {
      status: 0,
      layout: 'mmsegmentation',
      pairs: {
        ...paired('img_dir/train/*.png', 'ann_dir/train/*.png'),
        ...paired('img_dir/val/v*.png', 'ann_dir/val/v*.png'),
      },
    },
  ],
  ...(
    [
      ['train_images/*.png', 'train_masks/*.png'],
      ['JPEGImages/*.png', 'SegmentationClass/*.png'],
      ['training/image_2/*.png', 'training/semantic/*.png'],
      ['Train/Urban/images_png/*.png', 'Train/Urban/masks_png/*.png'],
    ] as const
  ).map(([photos, labels]): [string, DropFiles, object] => [
    `F17 ${photos} with ${labels}`,
    streetAt(photos, labels),
    { pairs: paired(photos, labels) },
  ]),
  [
    'F18 label folder of another name',
    streetAt('ds/img/*.png', 'ds/masks_machine/*.png'),
    { status: 0, pairs: paired('ds/img/*.png', 'ds/masks_machine/*.png') },
  ],
  [
    'F18 that nothing gives away',
    { 'images/0.png': photo(), 'images/1.png': photo(1), 'truth_of_it/0.png': street(), 'truth_of_it/1.png': street() },
    { findings: finding('data.unused-files truth_of_it/0.png'), unused: { 'no-role': 2 } },
  ],
  [
    "F18 CARLA's CameraRGB with CameraSeg",
    streetAt('dataA/CameraRGB/*.png', 'dataA/CameraSeg/*.png'),
    { status: 0, pairs: paired('dataA/CameraRGB/*.png', 'dataA/CameraSeg/*.png') },
  ],
  [
    'F17 folders named in Korean',
    streetAt('이미지/*.png', '라벨/*.png'),
    { status: 0, pairs: paired('이미지/*.png', '라벨/*.png') },
  ],
  [
    'F19 image.jpg.png',
    streetAt('images/s*.jpg', 'labels/s*.jpg.png'),
    { counts: { paired: 3, unlabelled: 0, leftOut: 0 } },
  ],
  [
    'F20 .jfif',
    streetAt('images/a*.jfif', 'labels/a*.png'),
    { status: 0, counts: { paired: 3, unlabelled: 0, leftOut: 0 } },
  ],
  [
    'F25 partial labels',
    {
      ...streetAt('images/*.png', 'labels/*.png'),
      ...Object.fromEntries([3, 4, 5, 6].map((n) => [`images/${n}.png`, photo(n)])),
    },
    { status: 0, counts: { paired: 3, unlabelled: 4, leftOut: 0 }, findings: finding('4 photos have no labels') },
  ],
  [
    'F28 files that are damaged beyond the sample',
    {
      ...streetAt('images/*.png', 'labels/*.png', 30),
      'labels/4.png': Uint8Array.of(1, 2, 3),
      'labels/9.png': grey(0, 1).slice(0, 60),
    },
    {
      status: 0,
      counts: { paired: 28, leftOut: 4 },
      findings: expect.arrayContaining([
        expect.stringContaining('data.unreadable-file labels/4.png'),
        expect.stringContaining('data.unreadable-file labels/9.png'),
      ]),
    },
  ],
];

it.each(cases)('%s', async (_, files, right, at) => {
  expect(await inspectDrop(files, [], at)).toMatchObject(right);
});

/** A question about files, and what comes of each answer. */
const answered: readonly [
  id: string,
  files: DropFiles,
  kind: string,
  answers: readonly [args: string, right: object][],
][] = [
  [
    'L17 Foggy Cityscapes of three densities',
    {
      ...streetAt('foggy/val/ulm/u*_leftImg8bit_foggy_beta_0.02.png', 'gtFine/val/ulm/u*_gtFine_labelTrainIds.png', 2),
      ...Object.fromEntries(
        ['0.005', '0.01'].flatMap((beta, n) =>
          [0, 1].map((index) => [
            `foggy/val/ulm/u${index}_leftImg8bit_foggy_beta_${beta}.png`,
            photo(10 + 2 * n + index),
          ]),
        ),
      ),
    },
    'photos',
    [
      [
        '**/*_leftImg8bit_foggy_beta_0.005.*',
        {
          status: 0,
          coding: 'train-ids',
          pairs: paired(
            'foggy/val/ulm/u*_leftImg8bit_foggy_beta_0.005.png',
            'gtFine/val/ulm/u*_gtFine_labelTrainIds.png',
            2,
          ),
          unused: { 'not-chosen': 4 },
        },
      ],
    ],
  ],
  [
    'F30 data root with two sets, one of names of its own',
    {
      ...streetAt(
        'cityscapes/leftImg8bit/train/ulm/u*_leftImg8bit.png',
        'cityscapes/gtFine/train/ulm/u*_gtFine_labelTrainIds.png',
      ),
      ...streetAt('gta/images/*.png', 'gta/labels/*.png', 2),
    },
    'photos',
    [
      ['drop/gta/images/**', { status: 0, pairs: paired('gta/images/*.png', 'gta/labels/*.png', 2) }],
      ['drop/cityscapes/leftImg8bit/**', { status: 0, counts: { paired: 3 } }],
    ],
  ],
  [
    'F30 of SYNTHIA beside a set of another coding',
    {
      ...streetAt('my/images/*.png', 'my/labels/*.png'),
      ...pairsAt('synthia/RGB/*.png', 'synthia/GT/LABELS/*.png', 2, () =>
        deepColoured(...[3, 4, 2, 6, 8, 1].map((id) => [id, 9, 0])),
      ),
    },
    'photos',
    [
      ['drop/my/images/**', { status: 0, coding: 'train-ids', counts: { paired: 3 } }],
      ['drop/synthia/RGB/**', { coding: 'synthia', counts: { paired: 2 } }],
    ],
  ],
];

it.each(answered)('%s: which is meant is asked', async (_, files, kind, answers) => {
  expect(await inspectDrop(files)).toMatchObject({ status: 2, questions: [kind] });
  for (const [glob, right] of answers) expect(await inspectDrop(files, ['--photos', glob])).toMatchObject(right);
});
