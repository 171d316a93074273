// The tables of the codings against their published lists.
import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES, classesOf, IGNORE } from '../../domain/classes.ts';
import { rgbKey, UNDEFINED_LABEL } from './core/coding.ts';
import { vocColour } from './core/vocColours.ts';
import { CODINGS, codingEntry } from './registry.ts';

const valuesOf = (id: string): Uint8Array => codingEntry(id).values ?? new Uint8Array();
const definedBy = (id: string): number => valuesOf(id).filter((index) => index !== UNDEFINED_LABEL).length - 1;

it.each(CODINGS.map((coding) => [coding.id, coding] as const))('%s is whole', (_, coding) => {
  const { values, colours, shares } = coding;
  const meant = [...(values ?? []), ...(colours?.values() ?? [])].filter((index) => index < UNDEFINED_LABEL);
  expect(meant.length).toBeGreaterThan(0);
  expect(Math.max(...meant)).toBeLessThan(classesOf(coding).length);
  for (const byKey of [shares.values, shares.colours]) {
    const sum = [...byKey.values()].reduce((total, share) => total + share, 0);
    if (byKey.size > 0) expect(sum).toSatisfy((total: number) => total > 0.75 && total < 1.2);
  }
});

describe('published tables', () => {
  it("are Cityscapes' for GTA5 and for its own label ids", () => {
    const table = [
      255, 255, 255, 255, 255, 255, 255, 0, 1, 255, 255, 2, 3, 4, 255, 255, 255, 5, 255, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    ];
    table.push(15, 255, 255, 16, 17, 18, 255);
    for (const id of ['cityscapes-ids', 'gta5']) expect([...valuesOf(id).slice(0, 35)]).toEqual(table);
  });

  it("are SYNTHIA's", () => {
    const table = [255, 10, 2, 0, 1, 4, 8, 5, 13, 7, 11, 18, 17, 255, 255, 6, 9, 12, 14, 15, 16, 3, 255];
    expect([...valuesOf('synthia').slice(0, 23)]).toEqual(table);
  });

  it("are IDD's, by csTrainId", () => {
    const table = [
      0, 255, 255, 1, 255, 9, 11, 255, 12, 17, 18, 255, 13, 14, 15, 255, 255, 16, 255, 255, 3, 4, 255, 255, 7, 6, 5,
    ];
    table.push(255, 255, 2, 255, 255, 8, 10, 255, 255, 255, 255, 255, 255);
    expect([...valuesOf('idd-ids').slice(0, 40)]).toEqual(table);
  });

  it('have as many values as are published', () => {
    const counts = [
      'mapillary-1.2',
      'mapillary-2.0',
      'ade20k',
      'voc',
      'camvid-32',
      'camvid-11',
      'loveda',
      'carla-new',
      'carla-old',
    ];
    expect(counts.map(definedBy)).toEqual([66, 124, 151, 21, 32, 12, 8, 29, 23]);
  });

  it("agree with Cityscapes' colours wherever Mapillary and CARLA took them over", () => {
    for (const id of ['mapillary-1.2', 'carla-new', 'carla-colours']) {
      const { colours, palette, values } = codingEntry(id);
      const shown = new Map([...(palette ?? [])].map(([value, key]) => [key, values?.[value] ?? colours?.get(key)]));
      for (const { rgb, trainId } of CITYSCAPES_CLASSES.filter(({ name }) => name !== 'rider')) {
        expect(shown.get(rgbKey(...rgb)) ?? trainId).toSatisfy((index) => index === trainId || index === IGNORE);
      }
    }
  });

  it("have VOC's colour map", () => {
    expect([1, 2, 7, 15, 20, 255].map(vocColour)).toEqual([
      [128, 0, 0],
      [0, 128, 0],
      [128, 128, 128],
      [192, 128, 128],
      [0, 64, 128],
      [224, 224, 192],
    ]);
  });
});
