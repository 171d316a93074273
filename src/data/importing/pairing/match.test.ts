// Which photo and labels belong together where names alone do not tell.
import { describe, expect, it } from 'vitest';
import { pairedIn, pairsOf } from '../../../testing/pairingHarness.ts';

describe('what belongs together', () => {
  it('never leaves a drive: neither for a missing label, nor for photos here and labels there', () => {
    expect(
      pairedIn([
        'd/seqA/images/1.png',
        'd/seqA/images/3.png',
        'd/seqA/labels/1.png',
        'd/seqB/images/1.png',
        'd/seqB/labels/1.png',
        'd/seqB/labels/3.png',
      ]),
    ).toEqual({
      'd/seqA/images/1.png': 'd/seqA/labels/1.png',
      'd/seqA/images/3.png': null,
      'd/seqB/images/1.png': 'd/seqB/labels/1.png',
    });
    expect(pairedIn(['d/seqA/images/3.png', 'd/seqB/labels/3.png'])).toEqual({ 'd/seqA/images/3.png': null });
    expect(pairedIn(['d/images/201/3.png', 'd/labels/337/3.png'])).toEqual({ 'd/images/201/3.png': null });
  });

  it('crosses containers where names occur once, and says so', () => {
    const { pairs, issues } = pairsOf(['d/StreetPhotos_images/1.png', 'd/Jan_labels/1.png']);
    expect(pairs).toMatchObject([{ labels: 'd/Jan_labels/1.png' }]);
    expect(issues).toMatchObject([{ code: 'data.paired-across', count: 1 }]);
    expect(pairedIn(['d/a_images/1.png', 'd/b_images/1.png', 'd/c_labels/1.png'])).toEqual({
      'd/a_images/1.png': null,
      'd/b_images/1.png': null,
    });
  });

  it('keeps parts of a download apart by what their names share', () => {
    expect(
      pairedIn([
        '01_images/images/1.png',
        '01_labels/labels/1.png',
        '02_images/images/1.png',
        '02_labels/labels/1.png',
      ]),
    ).toEqual({
      '01_images/images/1.png': '01_labels/labels/1.png',
      '02_images/images/1.png': '02_labels/labels/1.png',
    });
  });

  it.each(['test', 'val', 'train'])('takes the innermost part; the drop may be called %s', (root) => {
    const { pairs } = pairsOf(
      ['train', 'val'].flatMap((part) => [`${root}/${part}/images/1.png`, `${root}/${part}/labels/1.png`]),
    );
    expect(pairs.map(({ split, labels }) => [split, labels])).toEqual([
      ['train', `${root}/train/labels/1.png`],
      ['val', `${root}/val/labels/1.png`],
    ]);
    expect(pairsOf([`${root}/images/1.png`, `${root}/labels/1.png`]).pairs).toMatchObject([{ split: 'train' }]);
  });

  it('holds labels to be what lies below a label folder, unless the folder names the whole', () => {
    expect(pairedIn(['d/images/1.png', 'd/labels/ids/1.png', 'd/labels/rgb/1.png'])).toEqual({
      'd/images/1.png': 'd/labels/ids/1.png',
    });
    expect(pairedIn(['d/semantic/images/1.png', 'd/semantic/masks/1.png'])).toEqual({
      'd/semantic/images/1.png': 'd/semantic/masks/1.png',
    });
    expect(pairedIn(['labelled/images/1.png', 'labelled/labels/1.png'])).toEqual({
      'labelled/images/1.png': 'labelled/labels/1.png',
    });
  });

  it('lets folders win over endings where both sides carry one, and names of datasets over nothing', () => {
    expect(pairedIn(['images/0_L.png', 'labels/0_L.png'])).toEqual({ 'images/0_L.png': 'labels/0_L.png' });
    expect(pairedIn(['images/a_1_leftImg8bit.png', 'annotations/a_1_leftImg8bit.png'])).toEqual({
      'images/a_1_leftImg8bit.png': 'annotations/a_1_leftImg8bit.png',
    });
  });

  it('takes no photo for the labels of another where a folder of labels has its name', () => {
    expect(pairedIn(['d/left/0.png', 'd/left/0_L.png', 'd/labels/0_L.png'])).toEqual({
      'd/left/0.png': null,
      'd/left/0_L.png': 'd/labels/0_L.png',
    });
    expect(pairedIn(['d/images/0.png', 'd/images/0_L.png', 'd/labels/0_L.png'])).toEqual({
      'd/images/0.png': null,
      'd/images/0_L.png': 'd/labels/0_L.png',
    });
  });

  it('knows masks beside their photos, second extensions, JPEG by other names and accents written in two ways', () => {
    expect(pairedIn(['images/a.jpg', 'images/a_mask.png', 'images/b_mask.jpg'])).toEqual({
      'images/a.jpg': 'images/a_mask.png',
      'images/b_mask.jpg': null,
    });
    expect(pairedIn(['images/s.jpg', 'labels/s.jpg.png'])).toEqual({ 'images/s.jpg': 'labels/s.jpg.png' });
    expect(pairedIn(['images/s.jpg.png', 'labels/s.png'])).toEqual({ 'images/s.jpg.png': 'labels/s.png' });
    expect(pairedIn(['images/s.jfif', 'labels/s.png'])).toEqual({ 'images/s.jfif': 'labels/s.png' });
    const [composed, apart] = ['images/Köln.png'.normalize('NFC'), 'labels/Köln.png'.normalize('NFD')];
    expect(pairedIn([composed, apart])).toEqual({ [composed]: apart });
  });

  it('takes one of two datasets in one folder, and counts the files of the other', () => {
    const { layout, pairs, unused } = pairsOf([
      ...[1, 2].flatMap((n) => [
        `data/cityscapes/leftImg8bit/train/ulm/ulm_${n}_2_leftImg8bit.png`,
        `data/cityscapes/gtFine/train/ulm/ulm_${n}_2_gtFine_labelIds.png`,
      ]),
      'data/gta/images/1.png',
      'data/gta/labels/1.png',
    ]);
    expect([layout, pairs.length, unused]).toEqual(['cityscapes', 2, { 'another-naming': 1 }]);
  });

  it('follows a hidden root, and what a person says', () => {
    expect(pairedIn(['.street/images/1.png', '.street/labels/1.png', '.street/.trash/images/1.png'])).toEqual({
      '.street/images/1.png': '.street/labels/1.png',
    });
    const paths = ['d/kamera/1.png', 'd/klassen/1.png', 'd/images/9.png'];
    expect(pairedIn(paths, { photos: 'kamera/**', labelsIn: 'klassen/*' })).toEqual({
      'd/kamera/1.png': 'd/klassen/1.png',
    });
    expect(pairsOf(paths)).toMatchObject({ unused: { 'no-role': 2 } });
  });
});
