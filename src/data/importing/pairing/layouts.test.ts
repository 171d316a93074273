// How the datasets that people use are arranged, and which label each photo gets in them.
import { describe, expect, it } from 'vitest';
import { pairedIn, pairsOf } from '../../../testing/pairingHarness.ts';

describe('layouts people use', () => {
  const cases: readonly [string, string, Record<string, string | null>, (readonly string[])?][] = [
    [
      'ACDC',
      'acdc',
      {
        'acdc/rgb_anon/fog/train/GOPR0475/GOPR0475_frame_000046_rgb_anon.png':
          'acdc/gt/fog/train/GOPR0475/GOPR0475_frame_000046_gt_labelTrainIds.png',
        'acdc/rgb_anon/night/train/GOPR0475/GOPR0475_frame_000046_rgb_anon.png':
          'acdc/gt/night/train/GOPR0475/GOPR0475_frame_000046_gt_labelTrainIds.png',
      },
      [
        'acdc/gt/fog/train/GOPR0475/GOPR0475_frame_000046_gt_labelIds.png',
        'acdc/gt/fog/train/GOPR0475/GOPR0475_frame_000046_gt_invIds.png',
        'acdc/rgb_anon/fog/train_ref/GOPR0475/GOPR0475_frame_000046_rgb_ref_anon.png',
      ],
    ],
    [
      'BDD100K as it is now',
      'bdd100k',
      {
        'bdd100k/images/10k/train/a-1.jpg': 'bdd100k/labels/sem_seg/masks/train/a-1.png',
        'bdd100k/images/10k/val/b-1.jpg': 'bdd100k/labels/sem_seg/masks/val/b-1.png',
      },
      ['bdd100k/labels/sem_seg/colormaps/train/a-1.png', 'bdd100k/labels/sem_seg/colormaps/val/b-1.png'],
    ],
    [
      'BDD100K as it was',
      'bdd100k',
      { 'bdd/seg/images/train/a-1.jpg': 'bdd/seg/labels/train/a-1_train_id.png' },
      ['bdd/seg/color_labels/train/a-1_train_color.png'],
    ],
    [
      'IDD',
      'idd',
      {
        'IDD/leftImg8bit/train/201/frame0029_leftImg8bit.jpg': 'IDD/gtFine/train/201/frame0029_gtFine_labelids.png',
        'IDD/leftImg8bit/train/201/frame0299_leftImg8bit.jpg': null,
        'IDD/leftImg8bit/train/337/frame0029_leftImg8bit.jpg': 'IDD/gtFine/train/337/frame0029_gtFine_labelids.png',
      },
      ['IDD/gtFine/train/337/frame0299_gtFine_labelids.png'],
    ],
    [
      'Cityscapes with polygons alone',
      'cityscapes',
      { 'c/leftImg8bit/val/ulm/ulm_1_2_leftImg8bit.png': 'c/gtFine/val/ulm/ulm_1_2_gtFine_polygons.json' },
    ],
    [
      'Foggy Cityscapes',
      'foggy-cityscapes',
      {
        'c/leftImg8bit_foggy/val/ulm/ulm_1_2_leftImg8bit_foggy_beta_0.02.png':
          'c/gtFine/val/ulm/ulm_1_2_gtFine_labelIds.png',
      },
    ],
    [
      'SYNTHIA',
      'synthia',
      { 'S/RGB/0000000.png': 'S/GT/LABELS/0000000.png' },
      ['S/GT/COLOR/0000000.png', 'S/Depth/0000000.png'],
    ],
    [
      'SYNTHIA as DAFormer leaves it',
      'synthia',
      { 'S/RGB/0000000.png': 'S/GT/LABELS/0000000_labelTrainIds.png' },
      ['S/GT/LABELS/0000000.png'],
    ],
    [
      'Mapillary Vistas',
      'mapillary',
      {
        'M/training/images/a.jpg': 'M/training/v1.2/labels/a.png',
        'M/validation/images/b.jpg': 'M/validation/v1.2/labels/b.png',
      },
      ['M/training/v1.2/instances/a.png', 'M/training/v1.2/panoptic/a.png'],
    ],
    [
      'KITTI semantics',
      'kitti',
      { 'K/training/image_2/000000_10.png': 'K/training/semantic/000000_10.png' },
      ['K/training/semantic_rgb/000000_10.png', 'K/training/instance/000000_10.png'],
    ],
    [
      'Pascal VOC',
      'voc',
      { 'V/JPEGImages/1.jpg': 'V/SegmentationClass/1.png', 'V/JPEGImages/2.jpg': null },
      ['V/SegmentationObject/1.png', 'V/Annotations/2.xml'],
    ],
    ['ADE20K', 'ade20k', { 'A/images/training/ADE_train_1.jpg': 'A/annotations/training/ADE_train_1.png' }],
    ['LoveDA', 'loveda', { 'L/Train/Urban/images_png/1.png': 'L/Train/Urban/masks_png/1.png' }],
    ['MMSegmentation', 'mmsegmentation', { 'm/img_dir/val/1.png': 'm/ann_dir/val/1.png' }],
    [
      'Supervisely',
      'supervisely',
      { 'd/img/1.png': 'd/masks_machine/1.png' },
      ['d/masks_human/1.png', 'd/ann/1.png.json'],
    ],
    ["fastai's CamVid", 'plain', { 'C/images/x_1.png': 'C/labels/x_1_P.png' }, ['C/codes.txt']],
    [
      'train_images beside train_masks',
      'plain',
      { 'd/train_images/1.png': 'd/train_masks/1.png', 'd/val_images/1.png': 'd/val_masks/1.png' },
    ],
  ];

  it.each(cases)('%s', (_, layout, expected, others = []) => {
    const paths = [...Object.entries(expected).flat(), ...others].filter((path) => path !== null);
    const result = pairsOf(paths);
    expect(result.layout).toBe(layout);
    expect(pairedIn(paths)).toEqual(expected);
    expect(result.questions).toEqual([]);
  });

  it('asks which of two label releases is meant', () => {
    const paths = ['M/training/images/a.jpg', 'M/training/v1.2/labels/a.png', 'M/training/v2.0/labels/a.png'];
    const [question] = pairsOf(paths).questions;
    expect(question).toMatchObject({
      kind: 'labels',
      photos: 1,
      sets: [{ name: 'v1.2/labels' }, { name: 'v2.0/labels' }],
    });
    const labelsIn = question?.kind === 'labels' ? question.sets[1]?.glob : '';
    expect(pairsOf(paths, { labelsIn: labelsIn ?? '' })).toMatchObject({
      questions: [],
      pairs: [{ labels: 'M/training/v2.0/labels/a.png' }],
    });
  });
});
