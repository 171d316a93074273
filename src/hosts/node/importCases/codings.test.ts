// What labels mean, case by case as people have reported them: read where evidence tells, asked where it does not. The ids are
// those of the collection of reports.
import { expect, it } from 'vitest';
import { vocColour } from '../../../data/codings/core/vocColours.ts';
import { codingEntry } from '../../../data/codings/registry.ts';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { GTA5_PALETTE } from '../../../testing/imageFiles.ts';
import {
  coloured,
  type DropFiles,
  deepColoured,
  deepGrey,
  grey,
  type Inspected,
  inspectDrop,
  painted,
  pairsAt,
  photo,
  withAlpha,
} from '../../../testing/inspectDrop.ts';

const colourOf = (name: string): readonly number[] =>
  CITYSCAPES_CLASSES.find((each) => each.name === name)?.rgb ?? [0, 0, 0];
const STREET = ['road', 'sidewalk', 'building', 'sky'].map(colourOf);
const vistas = Array.from({ length: 66 }, (_, index) => {
  const key = codingEntry('mapillary-1.2').palette?.get(index) ?? 0;
  return [key >> 16, (key >> 8) & 255, key & 255];
});
const voc = Array.from({ length: 256 }, (_, index) => vocColour(index));
const plain = (label: (index: number) => Uint8Array, count = 3): DropFiles =>
  pairsAt('images/f*.png', 'labels/f*.png', count, label);

/** Read without a question, as this coding, with these classes. */
const read = (coding: string, classes: string, more: object = {}): object => ({
  status: 0,
  coding,
  questions: [],
  classes: classes.split(', ').sort(),
  ...more,
});
/** Asked, with these among the candidates; nothing is counted before the answer. */
const asked = (...candidates: string[]): object => ({
  status: 2,
  coding: null,
  questions: ['coding'],
  candidates: expect.arrayContaining(candidates),
  classes: [],
});
const finding = (text: string): object => ({ findings: expect.arrayContaining([expect.stringContaining(text)]) });

const trainStreet = [0, 1, 2, 8, 10, 13];
const cases: readonly [id: string, files: DropFiles, right: object][] = [
  [
    'L1 ignore coded as 19',
    plain(() => grey(0, 1, 2, 8, 10, 13, 19)),
    read('train-ids-void19', 'road, sidewalk, building, vegetation, sky, car'),
  ],
  ['L2 label ids without high ids', plain(() => grey(7, 8, 11, 17)), asked('cityscapes-ids', 'train-ids')],
  ['L2 of road alone', plain(() => grey(0, 7)), asked('cityscapes-ids', 'train-ids')],
  [
    'L3 Mapillary Vistas',
    pairsAt('training/images/m*.png', 'training/labels/m*.png', 3, () => painted(vistas, 13, 15, 17, 27, 30)),
    read('mapillary-1.2', 'road, sidewalk, building, sky, vegetation', { layout: 'mapillary' }),
  ],
  [
    'L4 Pascal VOC masks',
    pairsAt('images/*.png', 'masks/*.png', 3, () => painted(voc, 0, 7, 15, 20, 255)),
    asked('voc'),
  ],
  [
    'L5 ADE20K ids',
    pairsAt('images/training/*.png', 'annotations/training/*.png', 3, () => grey(1, 7, 12, 21, 0)),
    asked('ade20k'),
  ],
  [
    'L6 IDD ids under Cityscapes names',
    pairsAt('leftImg8bit/train/0/*_leftImg8bit.png', 'gtFine/train/0/*_gtFine_labelids.png', 3, () =>
      grey(0, 3, 29, 32, 33, 12),
    ),
    read('idd-ids', 'road, sidewalk, building, vegetation, sky, car', { layout: 'idd' }),
  ],
  [
    'L7 CamVid-11 in images/ + labels/',
    pairsAt('images/0001TP_*.png', 'labels/0001TP_*.png', 3, () => grey(0, 1, 3, 4, 5, 8, 11)),
    asked('camvid-11', 'train-ids'),
  ],
  [
    'L8 train ids in SegNet folders',
    pairsAt('train/t*.png', 'train_labels/t*.png', 3, () => grey(0, 1, 2, 8, 10)),
    asked('train-ids', 'camvid-11'),
  ],
  [
    'L9 two codings in one folder',
    plain((index) => (index === 0 ? grey(7, 8, 11, 21, 23, 26) : grey(...trainStreet)), 6),
    { ...asked('train-ids', 'cityscapes-ids'), ...finding('data.mixed-codings labels/f0.png') },
  ],
  [
    'L10 binary masks 0/255',
    plain(() => grey(0, 255)),
    { ...asked('binary-mask', 'train-ids'), ...finding('255 means "ignore" here') },
  ],
  [
    'L11 SYNTHIA-RAND-CITYSCAPES',
    pairsAt('RGB/*.png', 'GT/LABELS/*.png', 2, () =>
      deepColoured([3, 12, 0], [4, 0, 0], [2, 7, 0], [6, 0, 1], [8, 3, 0], [1, 0, 0]),
    ),
    read('synthia', 'road, sidewalk, building, vegetation, car, sky', { layout: 'synthia' }),
  ],
  [
    'L12 SYNTHIA as DAFormer leaves it',
    {
      ...pairsAt('RGB/*.png', 'GT/LABELS/*.png', 2, () => deepColoured([3, 1, 0], [2, 0, 0])),
      'GT/LABELS/0_labelTrainIds.png': grey(0, 2),
      'GT/LABELS/1_labelTrainIds.png': grey(0, 2),
    },
    read('train-ids', 'road, building', {
      pairs: { 'RGB/0.png': 'GT/LABELS/0_labelTrainIds.png', 'RGB/1.png': 'GT/LABELS/1_labelTrainIds.png' },
    }),
  ],
  [
    'L14 IDD level3',
    pairsAt('leftImg8bit/train/0/*_leftImg8bit.png', 'gtFine/train/0/*_gtFine_labellevel3Ids.png', 2, () =>
      grey(0, 2, 22, 24, 25, 9),
    ),
    read('idd-level3', 'road, sidewalk, building, vegetation, sky, car'),
  ],
  [
    'L14 IDD csTrainIds',
    pairsAt('leftImg8bit/train/0/*_leftImg8bit.png', 'gtFine/train/0/*_gtFine_labelcsTrainIds.png', 2, () =>
      grey(0, 1, 2, 255),
    ),
    read('train-ids', 'road, sidewalk, building'),
  ],
  [
    'L15 BDD100K, old',
    pairsAt('seg/images/train/a*.png', 'seg/labels/train/a*_train_id.png', 2, () => grey(0, 1, 2, 10, 255)),
    read('train-ids', 'road, sidewalk, building, sky', { layout: 'bdd100k' }),
  ],
  [
    'L15 BDD100K, new',
    pairsAt('images/10k/train/a*.png', 'labels/sem_seg/masks/train/a*.png', 2, () => grey(0, 1, 2, 8, 10, 13, 255)),
    read('train-ids', 'road, sidewalk, building, vegetation, sky, car', { layout: 'bdd100k' }),
  ],
  [
    'L16 ACDC',
    pairsAt('rgb_anon/fog/train/G/G_frame_*_rgb_anon.png', 'gt/fog/train/G/G_frame_*_gt_labelTrainIds.png', 2, () =>
      grey(0, 1, 2, 10, 255),
    ),
    read('train-ids', 'road, sidewalk, building, sky', { layout: 'acdc' }),
  ],
  [
    'L18 Cityscapes without labelIds',
    pairsAt('leftImg8bit/train/ulm/ulm_*_leftImg8bit.png', 'gtFine/train/ulm/ulm_*_gtFine_color.png', 2, () =>
      coloured(...STREET),
    ),
    read('cityscapes-colours', 'road, sidewalk, building, sky'),
  ],
  [
    'L18 of polygons alone',
    {
      'leftImg8bit/train/ulm/ulm_0_leftImg8bit.png': photo(),
      'gtFine/train/ulm/ulm_0_gtFine_polygons.json': JSON.stringify({
        imgWidth: 32,
        imgHeight: 8,
        objects: [
          {
            label: 'road',
            polygon: [
              [0, 0],
              [31, 0],
              [31, 7],
              [0, 7],
            ],
          },
        ],
      }),
    },
    read('cityscapes-ids', 'road'),
  ],
  [
    'L19 RGBA colour labels',
    plain(() => withAlpha(255, ...STREET)),
    read('cityscapes-colours', 'road, sidewalk, building, sky'),
  ],
  [
    'L26 fastai CamVid _P',
    pairsAt('images/0001TP_*.png', 'labels/0001TP_*_P.png', 3, () => grey(4, 5, 17, 19, 21, 26)),
    read('camvid-32', 'building, car, road, sidewalk, sky, vegetation', { layout: 'camvid' }),
  ],
  [
    'L28 CARLA red channel',
    plain(() => coloured([7, 0, 0], [8, 0, 0], [1, 0, 0], [9, 0, 0])),
    asked('carla-old', 'carla-new'),
  ],
  [
    'L29 16-bit grey labels',
    plain(() => deepGrey(...trainStreet, 255)),
    read('train-ids', 'road, sidewalk, building, vegetation, sky, car'),
  ],
  [
    'L32 Cityscapes names in images/ + annotations/',
    pairsAt('images/x*_leftImg8bit.png', 'annotations/x*_leftImg8bit.png', 2, () => grey(...trainStreet)),
    read('train-ids', 'road, sidewalk, building, vegetation, sky, car', {
      pairs: {
        'images/x0_leftImg8bit.png': 'annotations/x0_leftImg8bit.png',
        'images/x1_leftImg8bit.png': 'annotations/x1_leftImg8bit.png',
      },
    }),
  ],
  [
    'GTA5, whose palette is Cityscapes colours',
    plain(() => painted(GTA5_PALETTE, 7, 11, 23, 26)),
    read('gta5', 'road, building, sky, car', { layout: 'gta5' }),
  ],
];

it.each(cases)('%s', async (_, files, right) => {
  const found: Inspected = await inspectDrop(files);
  expect(found).toMatchObject(right);
  const { paired, unlabelled } = found.counts;
  expect(paired + unlabelled).toBeGreaterThan(0);
});
