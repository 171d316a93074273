// Tables that people and tools write: what is read, and which line is refused.
import { describe, expect, it } from 'vitest';
import { classesOf, IGNORE } from '../../domain/classes.ts';
import { StudioError } from '../../domain/errors.ts';
import { ignoring } from './core/chosenCoding.ts';
import { rgbKey, UNDEFINED_LABEL } from './core/coding.ts';
import { parseOwnTable } from './core/ownTable.ts';
import { codingEntry } from './registry.ts';

const namesOf = (text: string, file = 'table'): string[] =>
  classesOf(parseOwnTable(text, file)).map(({ name }) => name);

describe('a table of one’s own', () => {
  const sameValues: readonly [string, string][] = [
    ['JSON', '{"7": "road", "8": "sidewalk", "0": "ignore"}'],
    ['JSON by name', '{"road": 7, "sidewalk": 8, "void": 0}'],
    ['JSON with a byte order mark', '\uFEFF{"7": "Road", "8": "sidewalk", "0": null}'],
    ['a list in JSON', '[{"id": 7, "name": "road"}, {"id": 8, "name": "sidewalk"}, {"id": 0, "name": "unlabeled"}]'],
    ['CSV', '7,road\n8,sidewalk\n0,void\n'],
    ['CSV of a spreadsheet', '\uFEFFvalue;name\r\n7;road\r\n8;"sidewalk"\r\n0;ignore\r\n'],
    ['CSV, the name first, with colours', 'name,id,r,g,b\nroad,7,128,64,128\nsidewalk,8,244,35,232\nvoid,0,0,0,0\n'],
    [
      "Datumaro's",
      '{"label_map": {"7": "road", "8": "sidewalk", "0": "background"}, "segmentation_colors": [[1,2,3],[4,5,6],[0,0,0]]}',
    ],
  ];
  it.each(sameValues)('%s', (_, text) => {
    const { values, classes } = parseOwnTable(text, 'table');
    expect(classes).toBeUndefined();
    expect([7, 8, 0, 255, 9].map((value) => values?.[value])).toEqual([0, 1, IGNORE, IGNORE, UNDEFINED_LABEL]);
  });

  it.each([
    ['JSON', '{"128,64,128": "road", "#f423e8": "sidewalk"}'],
    ['CSV', '128,64,128,road\n244,35,232,sidewalk\n'],
    ["Kaggle's CSV", 'name,r,g,b\nroad,128,64,128\nsidewalk,244,35,232\n'],
    [
      "CVAT's labelmap",
      '# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:128,64,128::\nsidewalk:244,35,232::\n',
    ],
  ])('by colour: %s', (_, text) => {
    const { values, colours } = parseOwnTable(text, 'labelmap.txt');
    expect(values).toBeNull();
    expect([rgbKey(128, 64, 128), rgbKey(244, 35, 232)].map((key) => colours?.get(key))).toEqual([0, 1]);
  });

  it('keeps classes of its own in the order of the table, with their colours or others that differ', () => {
    expect(namesOf('0,background\n1,lane,255,0,0\n2,car\n')).toEqual(['background', 'lane', 'car']);
    const { classes = [] } = parseOwnTable('0,background\n1,lane,255,0,0\n2,car\n', 'table');
    expect(classes[1]?.rgb).toEqual([255, 0, 0]);
    expect(new Set(classes.map(({ rgb }) => rgb.join())).size).toBe(3);
    expect(namesOf('["lane", "lane", "car"]')).toEqual(['lane', 'car']);
    expect(namesOf(Array.from({ length: 64 }, (_, i) => `${i},c${i}`).join('\n'))).toHaveLength(64);
  });

  it('takes 255 for a class where the table says so, and for "ignore" elsewhere', () => {
    expect(parseOwnTable('0,background\n255,crack', 'table').values?.[255]).toBe(1);
    expect(parseOwnTable('0,background\n1,crack', 'table').values?.[255]).toBe(IGNORE);
  });

  it.each([
    ['no class', '7,road\n8\n', 2],
    ['a value twice', '7,road\n8,sidewalk\n7,car\n', 3],
    ['a colour twice', 'lane:1,2,3::\ncar:1,2,3::\n', 2],
    ['a value beyond a byte', '7,road\n300,car\n', 2],
    ['a name only', 'value,name\n7,road\n,car\n', 3],
    ['a broken labelmap', 'lane:1,2,3::\ncar:1,2::\n', 2],
    ['broken JSON', '{"7": "road",\n "8" "car"}', 2],
    ['65 classes', Array.from({ length: 65 }, (_, i) => `${i},c${i}`).join('\n'), 0],
    ['nothing', '', 0],
    ['all ignored', '0,void', 0],
    ['a word', '"road"', 1],
  ])('%s is refused, with the line', (_, text, line) => {
    try {
      parseOwnTable(text, 'table.csv');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(StudioError);
      expect(error).toMatchObject({ code: 'config.invalid', context: { key: 'coding', file: 'table.csv', line } });
    }
  });
});

describe('a value to ignore', () => {
  it('is ignored whatever the coding says', () => {
    const coding = ignoring(codingEntry('train-ids'), 0);
    expect([coding.id, coding.values?.[0], coding.values?.[1]]).toEqual(['train-ids', IGNORE, 1]);
    expect(codingEntry('train-ids').values?.[0]).toBe(0);
  });

  it('is refused where it is no byte, or the coding knows colours only', () => {
    for (const value of [-1, 256, 0.5]) expect(() => ignoring(codingEntry('train-ids'), value)).toThrow(StudioError);
    expect(() => ignoring(codingEntry('cityscapes-colours'), 7)).toThrow(StudioError);
  });
});
