// Layouts and pairing: which files belong together, in which split, and what is said about the rest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf } from '../../../testing/imageFiles.ts';
import { filesOf, pairsOf } from '../../../testing/pairingHarness.ts';
import { codingEntry } from '../../codings/registry.ts';
import { interleaveSplits } from '../plan.ts';
import { pairFiles } from './pairFiles.ts';

const some = Uint8Array.of(1);

const city = (split: string, name: string) => ({
  image: `leftImg8bit/${split}/${name}/${name}_000000_000019_leftImg8bit.png`,
  ids: `gtFine/${split}/${name}/${name}_000000_000019_gtFine_labelIds.png`,
  trainIds: `gtFine/${split}/${name}/${name}_000000_000019_gtFine_labelTrainIds.png`,
});

describe('Cityscapes', () => {
  const aachen = city('train', 'aachen');
  const munster = city('val', 'munster');

  it('pairs by city, sequence and frame, takes the splits from the folders and prefers train ids', () => {
    const { layout, pairs, issues } = pairsOf([
      munster.ids,
      munster.image,
      aachen.ids,
      aachen.trainIds,
      aachen.image,
      aachen.ids.replace('labelIds', 'color'),
      aachen.ids.replace('labelIds.png', 'polygons.json'),
    ]);
    expect(layout).toBe('cityscapes');
    expect(pairs).toEqual([
      {
        name: 'aachen_000000_000019',
        split: 'train',
        image: aachen.image,
        labels: aachen.trainIds,
        coding: 'train-ids',
      },
      {
        name: 'munster_000000_000019',
        split: 'val',
        image: munster.image,
        labels: munster.ids,
        coding: 'cityscapes-ids',
      },
    ]);
    expect(issues).toEqual([]);
  });

  it('bears extra leading folders, archive roots that differ, and other letter cases', () => {
    const { pairs } = pairsOf([
      `Downloads/leftImg8bit_trainvaltest/${aachen.image.replace('.png', '.PNG')}`,
      `Downloads/gtFine_trainvaltest/${aachen.ids.replace('gtFine_labelIds', 'GTFINE_LABELIDS')}`,
    ]);
    expect(pairs).toMatchObject([{ split: 'train', coding: 'cityscapes-ids' }]);
  });

  it('takes leftImg8bit alone as unlabelled, without complaint', () => {
    const { pairs, issues } = pairsOf([aachen.image, munster.image]);
    expect(pairs.map(({ split, labels }) => [split, labels])).toEqual([
      ['train', null],
      ['val', null],
    ]);
    expect(issues).toEqual([]);
  });

  it('keeps the unlabelled extra photos, and leaves the test split out', () => {
    const extra = city('train_extra', 'augsburg');
    const test = city('test', 'berlin');
    const { pairs, issues } = pairsOf([aachen.image, aachen.ids, extra.image, test.image, test.ids]);
    expect(pairs.map(({ image, labels }) => [image, labels !== null])).toEqual([
      [aachen.image, true],
      [extra.image, false],
    ]);
    expect(issues).toEqual([
      { code: 'data.unpaired', path: extra.image, role: 'image', count: 1 },
      { code: 'data.unused-files', path: test.image, reason: 'test-split', count: 1 },
    ]);
  });
});

describe('CamVid', () => {
  it('pairs train with trainannot and val with valannot', () => {
    const { layout, pairs } = pairsOf([
      'CamVid/train/0001TP_006690.png',
      'CamVid/trainannot/0001TP_006690.png',
      'CamVid/val/0016E5_07959.png',
      'CamVid/valannot/0016E5_07959.png',
    ]);
    expect(layout).toBe('camvid');
    expect(pairs.map(({ name, split, labels }) => [name, split, labels])).toEqual([
      ['0001TP_006690', 'train', 'CamVid/trainannot/0001TP_006690.png'],
      ['0016E5_07959', 'val', 'CamVid/valannot/0016E5_07959.png'],
    ]);
  });

  it('pairs photos with their _L masks, and uses a labelled test split where there is no val', () => {
    const { layout, pairs } = pairsOf([
      'CamVid/train/a.png',
      'CamVid/train_labels/a_L.png',
      'CamVid/test/b.png',
      'CamVid/test_labels/b_L.png',
    ]);
    expect(layout).toBe('camvid');
    expect(pairs.map(({ name, split }) => [name, split])).toEqual([
      ['a', 'train'],
      ['b', 'val'],
    ]);
    expect(pairsOf(['701_StillsRaw_full/a.png', 'LabeledApproved_full/a_L.png']).pairs).toMatchObject([
      { labels: 'LabeledApproved_full/a_L.png' },
    ]);
  });
});

describe('images/ beside labels/', () => {
  it('pairs across extensions, with splits inside or outside, and keeps nested folders apart', () => {
    const inside = pairsOf([
      'd/images/train/x.jpg',
      'd/labels/train/x.png',
      'd/images/val/x.jpeg',
      'd/labels/val/x.png',
    ]);
    const outside = pairsOf([
      'd/train/images/x.jpg',
      'd/train/labels/x.png',
      'd/val/images/x.jpeg',
      'd/val/labels/x.png',
    ]);
    for (const { layout, pairs, issues } of [inside, outside]) {
      expect(layout).toBe('plain');
      expect(pairs.map(({ split, labels }) => [split, labels !== null])).toEqual([
        ['train', true],
        ['val', true],
      ]);
      expect(issues).toEqual([]);
    }
    const nested = pairsOf(['images/a/1.png', 'images/b/1.png', 'labels/a/1.png', 'labels/b/1.png']).pairs;
    expect(nested.map(({ name, image, labels }) => [name, image, labels])).toEqual([
      ['a/1', 'images/a/1.png', 'labels/a/1.png'],
      ['b/1', 'images/b/1.png', 'labels/b/1.png'],
    ]);
  });

  it('pairs images and labels that came in archives of their own', () => {
    const { pairs } = pairsOf(['01_images/images/00001.png', '01_labels/labels/00001.png']);
    expect(pairs).toMatchObject([{ name: '00001', labels: '01_labels/labels/00001.png' }]);
  });

  it('does not guess between two labels of one name', () => {
    const { pairs, issues } = pairsOf(['x/images/1.png', 'y/labels/1.png', 'z/labels/1.png']);
    expect(pairs).toMatchObject([{ image: 'x/images/1.png', labels: null }]);
    expect(issues.map(({ code, path }) => [code, path])).toEqual([
      ['data.unpaired', 'y/labels/1.png'],
      ['data.unpaired', 'z/labels/1.png'],
    ]);
  });

  it('names two files of one name and uses the first', () => {
    const { pairs, issues } = pairsOf(['images/1.jpg', 'images/1.png', 'labels/1.png', 'labels/1.PNG']);
    expect(pairs).toMatchObject([{ image: 'images/1.jpg', labels: 'labels/1.PNG' }]);
    expect(issues).toEqual([
      { code: 'data.duplicate-name', path: 'images/1.png', first: 'images/1.jpg' },
      { code: 'data.duplicate-name', path: 'labels/1.png', first: 'labels/1.PNG' },
    ]);
  });

  it('lists photos without labels, labels without photos, empty files and wrong extensions', () => {
    const paths = ['images/1.png', 'images/2.png', 'images/4.tif', 'labels/1.png', 'labels/3.png', 'labels/5.jpg'];
    const files = [...paths.map((path) => fileOf(path, some)), fileOf('images/6.png', new Uint8Array(0))];
    const { pairs, issues } = pairFiles(files);
    expect(pairs.map(({ name, labels }) => [name, labels !== null])).toEqual([
      ['1', true],
      ['2', false],
    ]);
    expect(new Map(issues.map(({ path, code }) => [path, code]))).toEqual(
      new Map([
        ['images/4.tif', 'data.unsupported-format'],
        ['images/6.png', 'data.unreadable-file'],
        ['labels/5.jpg', 'data.unsupported-format'],
        ['images/2.png', 'data.unpaired'],
        ['labels/3.png', 'data.unpaired'],
      ]),
    );
  });

  it('skips what file managers leave behind', () => {
    const { pairs, issues, unused } = pairsOf([
      'd/images/1.png',
      'd/images/.DS_Store',
      '__MACOSX/d/images/._1.png',
      'd/notes.txt',
    ]);
    expect(pairs.length).toBe(1);
    expect(issues).toEqual([]);
    expect(unused).toEqual({ 'not-a-picture': 1, clutter: 2 });
  });
});

describe('an unknown layout', () => {
  it.each([[['holiday/beach.png', 'holiday/notes.txt']], [['labels/1.png', 'labels/2.png']]])(
    'is not guessed at: %j',
    (paths) => {
      expect(() => pairFiles(filesOf(paths))).toThrow(expect.objectContaining({ code: 'data.unknown-layout' }));
    },
  );

  it('is no matter for JPEGs alone: labels never are', () => {
    expect(pairsOf(['holiday/beach.jpg', 'holiday/notes.txt'])).toMatchObject({
      pairs: [{ image: 'holiday/beach.jpg', labels: null }],
      unused: { 'not-a-picture': 1 },
    });
  });
});

describe('pairing as a whole', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}$/), { minLength: 1, maxLength: 20 });

  it('accounts for every file, and does not depend on the order of the drop', () => {
    fc.assert(
      fc.property(names, names, fc.infiniteStream(fc.nat()), (images, labels, keys) => {
        const paths = [
          'images/always.png',
          ...images.map((n) => `images/${n}_i.png`),
          ...labels.map((n) => `labels/${n}_i.png`),
        ];
        const shuffled = paths.map((path) => ({ path, key: keys.next().value })).sort((a, b) => a.key - b.key);
        const result = pairsOf(shuffled.map(({ path }) => path));
        expect(result).toEqual(pairsOf(paths));
        const told = [
          ...result.pairs.flatMap(({ image, labels: label }) => (label === null ? [image] : [image, label])),
          ...result.issues.filter((issue) => !('count' in issue)).map(({ path }) => path),
        ];
        expect(told.toSorted()).toEqual(paths.toSorted());
        for (const pair of result.pairs) {
          if (pair.labels !== null) expect(pair.labels).toBe(pair.image.replace('images/', 'labels/'));
        }
      }),
    );
  });

  it('spreads validation pairs evenly among the rest and loses none', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), (train, val) => {
        const pairs = [
          ...Array.from({ length: train }, (_, i) => ({ name: `t${i}`, split: 'train' as const })),
          ...Array.from({ length: val }, (_, i) => ({ name: `v${i}`, split: 'val' as const })),
        ].map((pair) => ({ ...pair, image: fileOf(pair.name, some), labels: null, coding: codingEntry('train-ids') }));
        const mixed = interleaveSplits(pairs);
        expect(mixed.map(({ name }) => name).toSorted()).toEqual(pairs.map(({ name }) => name).toSorted());
        mixed.forEach((_, i) => {
          const seen = mixed.slice(0, i + 1).filter(({ split }) => split === 'val').length;
          expect(Math.abs(seen - ((i + 1) * val) / mixed.length)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
