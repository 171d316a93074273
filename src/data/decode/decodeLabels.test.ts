// Label decoding: which value becomes which class, and what is refused.
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES, IGNORE } from '../../domain/classes.ts';
import { StudioError } from '../../domain/errors.ts';
import { GTA5_PALETTE, greyPng, palettePng, rgbPng } from '../../testing/imageFiles.ts';
import { codingEntry } from '../codings/registry.ts';
import { decodeLabels } from './decodeLabels.ts';

const ids = CITYSCAPES_CLASSES.map(({ labelId }) => labelId);
const trainIds = CITYSCAPES_CLASSES.map(({ trainId }) => trainId);

const contextOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof StudioError ? { code: error.code, ...error.context } : error;
  }
  return 'nothing was thrown';
};

describe('decodeLabels', () => {
  it('round-trips all 19 classes through palette, id and train id', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...trainIds), { minLength: 1, maxLength: 64 }), (truth) => {
        const asIds = truth.map((trainId) => ids[trainId] ?? 0);
        const palette = palettePng(truth.length, 1, asIds, GTA5_PALETTE);
        const grey = greyPng(truth.length, 1, asIds);
        const colours = rgbPng(
          truth.length,
          1,
          truth.flatMap((trainId) => [...(CITYSCAPES_CLASSES[trainId]?.rgb ?? [])]),
        );
        const plain = greyPng(truth.length, 1, truth);
        expect([...decodeLabels(palette, 'a', codingEntry('gta5')).labels]).toEqual(truth);
        expect([...decodeLabels(grey, 'b', codingEntry('cityscapes-ids')).labels]).toEqual(truth);
        expect([...decodeLabels(plain, 'd', codingEntry('train-ids')).labels]).toEqual(truth);
        expect([...decodeLabels(colours, 'c', codingEntry('cityscapes-colours')).labels]).toEqual(truth);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps polegroup and licence plate out although they share colours with pole and car', () => {
    const { labels, unknown } = decodeLabels(
      palettePng(4, 1, [17, 18, 26, 34], GTA5_PALETTE),
      'x',
      codingEntry('gta5'),
    );
    expect([...labels]).toEqual([5, IGNORE, 13, IGNORE]);
    expect(unknown.size).toBe(0);
  });

  it('ignores every other id of the official table silently, and undefined values with a count', () => {
    const all = Array.from({ length: 256 }, (_, value) => value);
    const { labels, unknown } = decodeLabels(greyPng(256, 1, all), 'x', codingEntry('cityscapes-ids'));
    all.forEach((value) => {
      expect(labels[value]).toBe(ids.includes(value) ? trainIds[ids.indexOf(value)] : IGNORE);
    });
    expect([...unknown.keys()]).toEqual(all.filter((value) => value > 34 && value !== 255).map(String));
  });

  it('counts unknown values and colours by pixel', () => {
    const grey = decodeLabels(greyPng(4, 1, [0, 77, 77, 255]), 'x', codingEntry('train-ids'));
    expect([...grey.unknown]).toEqual([['77', 2]]);
    expect([...grey.labels]).toEqual([0, IGNORE, IGNORE, IGNORE]);
    const colours = rgbPng(3, 1, [128, 64, 128, 1, 2, 3, 1, 2, 3]);
    expect([...decodeLabels(colours, 'x', codingEntry('camvid-32-colours')).unknown]).toEqual([['rgb(1,2,3)', 2]]);
  });

  it('reads CamVid as eleven indices, as colours, and as a palette of those colours', () => {
    const indices = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const expected = [10, 2, 5, 0, 1, 8, 7, 4, 13, 11, IGNORE, IGNORE];
    expect([...decodeLabels(greyPng(12, 1, indices), 'x', codingEntry('camvid-11')).labels]).toEqual(expected);
    const palette = [
      [128, 128, 128],
      [0, 0, 192],
      [60, 40, 222],
      [0, 64, 64],
    ];
    const colours = decodeLabels(rgbPng(4, 1, palette.flat()), 'x', codingEntry('camvid-32-colours'));
    const indexed = decodeLabels(palettePng(4, 1, [0, 1, 2, 3], palette), 'x', codingEntry('camvid-32-colours'));
    expect([...colours.labels]).toEqual([10, 1, 1, 6]);
    expect([...indexed.labels]).toEqual([...colours.labels]);
  });

  it('takes RGB labels with three equal channels for one channel', () => {
    const tripled = rgbPng(3, 1, [0, 0, 0, 13, 13, 13, 255, 255, 255]);
    expect([...decodeLabels(tripled, 'x', codingEntry('train-ids')).labels]).toEqual([0, 13, IGNORE]);
  });

  it('reads 16-bit labels whose values fit a byte, and refuses instance ids', () => {
    const deep = (value: number) =>
      encode({ width: 1, height: 1, data: Uint16Array.of(value), channels: 1, depth: 16 });
    expect([...decodeLabels(deep(7), 'deep.png', codingEntry('train-ids')).labels]).toEqual([7]);
    expect(contextOf(() => decodeLabels(deep(26_001), 'deep.png', codingEntry('train-ids')))).toMatchObject({
      code: 'data.unsupported-format',
      path: 'deep.png',
      bitDepth: 16,
    });
  });

  it('reads labels with alpha where it is opaque, and refuses others', () => {
    const rgba = (alpha: number) =>
      encode({ width: 1, height: 1, data: Uint8Array.of(128, 64, 128, alpha), channels: 4, depth: 8 });
    const greyAlpha = (alpha: number) =>
      encode({ width: 1, height: 1, data: Uint8Array.of(13, alpha), channels: 2, depth: 8 });
    expect([...decodeLabels(rgba(255), 'x', codingEntry('cityscapes-colours')).labels]).toEqual([0]);
    expect([...decodeLabels(greyAlpha(255), 'x', codingEntry('train-ids')).labels]).toEqual([13]);
    const refused = { code: 'data.unsupported-format', reason: 'label-format' };
    expect(contextOf(() => decodeLabels(rgba(254), 'x', codingEntry('cityscapes-colours')))).toMatchObject(refused);
    expect(contextOf(() => decodeLabels(greyAlpha(0), 'x', codingEntry('train-ids')))).toMatchObject(refused);
  });

  it('refuses colours where numbers are expected, and numbers where colours are', () => {
    const colours = rgbPng(1, 1, [128, 64, 128]);
    expect(contextOf(() => decodeLabels(colours, 'x', codingEntry('train-ids')))).toMatchObject({
      code: 'data.unsupported-format',
    });
    expect(contextOf(() => decodeLabels(greyPng(1, 1, 3), 'x', codingEntry('camvid-32-colours')))).toMatchObject({
      code: 'data.unsupported-format',
    });
  });
});
