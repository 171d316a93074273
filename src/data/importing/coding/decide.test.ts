// Which coding label files have: decided where evidence tells, asked about where it does not, and never wrong in silence.
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { GTA5_PALETTE, greyPng, palettePng, rgbPng } from '../../../testing/imageFiles.ts';
import { type Coding, UNDEFINED_LABEL } from '../../codings/core/coding.ts';
import { parseOwnTable } from '../../codings/core/ownTable.ts';
import { vocColour } from '../../codings/core/vocColours.ts';
import { CODINGS, codingEntry } from '../../codings/registry.ts';
import { decodePng } from '../../decode/decodePng.ts';
import { type CodingDecision, decideCoding } from './decide.ts';
import { type LabelLook, lookAt } from './look.ts';

const SIDE = 40;

/** A value and how many of 100 rows it fills, or values that share the rows evenly. */
type Blocks = readonly (number | readonly [value: number, percent: number])[];

function pixels(blocks: Blocks): number[] {
  const parts = blocks.map((block) => (typeof block === 'number' ? ([block, 100 / blocks.length] as const) : block));
  const all = parts.reduce((sum, [, percent]) => sum + percent, 0);
  const ends = parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, [, percent]) => sum + percent, 0) / all);
  return Array.from({ length: SIDE * SIDE }, (_, at) => {
    const position = (at + 0.5) / (SIDE * SIDE);
    return parts[ends.findIndex((end) => position <= end)]?.[0] ?? 0;
  });
}

const look = (png: Uint8Array, name = 'labels/a.png', promised: string | null = null): LabelLook =>
  lookAt(name, promised, decodePng(png, name));
const grey = (blocks: Blocks): LabelLook => look(greyPng(SIDE, SIDE, pixels(blocks)));
const named = (blocks: Blocks, promised: string): LabelLook =>
  look(greyPng(SIDE, SIDE, pixels(blocks)), 'labels/named.png', promised);
const rgbOf = (key: number): number[] => [key >> 16, (key >> 8) & 255, key & 255];
const paletteOf = (id: string, length = 256): number[][] =>
  Array.from({ length }, (_, index) => rgbOf(codingEntry(id).palette?.get(index) ?? 0));
const painted = (blocks: Blocks, palette: readonly (readonly number[])[]): LabelLook =>
  look(palettePng(SIDE, SIDE, pixels(blocks), palette));
const coloured = (blocks: Blocks, palette: readonly (readonly number[])[]): LabelLook =>
  look(
    rgbPng(
      SIDE,
      SIDE,
      pixels(blocks).flatMap((value) => [...(palette[value] ?? [])]),
    ),
  );
const red = (blocks: Blocks): LabelLook =>
  look(
    rgbPng(
      SIDE,
      SIDE,
      pixels(blocks).flatMap((value) => [value, 0, 0]),
    ),
  );
const deepRed = (blocks: Blocks): LabelLook =>
  look(
    encode({
      ...{ width: SIDE, height: SIDE, channels: 3, depth: 16 },
      data: Uint16Array.from(pixels(blocks).flatMap((value) => [value, 976, 0])),
    }),
  );
const streetColours = CITYSCAPES_CLASSES.map(({ rgb }) => rgb);
const greyRamp = Array.from({ length: 256 }, (_, i) => [i, i, i]);
const viridisLike = Array.from({ length: 256 }, (_, i) => [68 + (i >> 1), i, 84 + ((i * 7) % 90)]);

const decide = (looks: readonly LabelLook[], layout: readonly string[] = []): CodingDecision =>
  decideCoding(looks, { named: layout });
const idsOf = ({ candidates }: CodingDecision): string[] => candidates.map(({ id }) => id);
const trainStreet = (): LabelLook => grey([0, 1, 2, 8, 10, 13]);

describe('what evidence tells', () => {
  const cases: readonly [string, LabelLook[], string, string[]?][] = [
    ['train ids of a street', [grey([0, 1, 2, 8, 10, 13])], 'train-ids'],
    ['train ids with 255, of four classes', [grey([0, 1, 2, 10, 255])], 'train-ids'],
    ['all 19 train ids, evenly', [grey(Array.from({ length: 19 }, (_, i) => i))], 'train-ids'],
    ['train ids with void as 19', [grey([0, 1, 2, 8, 10, 13, 19])], 'train-ids-void19'],
    [
      'the same in other proportions',
      [
        grey([
          [0, 40],
          [2, 25],
          [8, 15],
          [10, 8],
          [13, 5],
          [19, 5],
          [5, 2],
        ]),
      ],
      'train-ids-void19',
    ],
    ['label ids of a street', [grey([7, 8, 11, 21, 23, 26])], 'cityscapes-ids'],
    ["GTA5's palette", [painted([7, 11, 23, 26], GTA5_PALETTE)], 'gta5'],
    ["GTA5's palette, low ids only", [painted([7, 8], GTA5_PALETTE)], 'gta5'],
    ['train ids in a palette of train ids', [painted([0, 2, 10], [...streetColours, [0, 0, 0]])], 'train-ids'],
    ['train ids in a grey ramp', [painted([0, 1, 2, 8, 10, 13], greyRamp)], 'train-ids'],
    ["train ids in a plotting library's colours", [painted([0, 1, 2, 8, 10, 13], viridisLike)], 'train-ids'],
    ['Mapillary 1.2', [painted([13, 15, 17, 27, 29, 30], paletteOf('mapillary-1.2', 66))], 'mapillary-1.2'],
    ['Mapillary 1.2, road and sky', [painted([13, 27], paletteOf('mapillary-1.2', 66))], 'mapillary-1.2'],
    [
      'Mapillary 2.0',
      [painted([21, 24, 27, 61, 64], paletteOf('mapillary-2.0', 124))],
      'mapillary-2.0',
      ['mapillary-1.2', 'mapillary-2.0'],
    ],
    [
      'Mapillary without its palette, in its folders',
      [grey([13, 15, 17, 27, 29, 30])],
      'mapillary-1.2',
      ['mapillary-1.2', 'mapillary-2.0'],
    ],
    ["CamVid's eleven in SegNet's palette", [painted([0, 1, 3, 5], paletteOf('camvid-11', 12))], 'camvid-11'],
    [
      'CamVid-32 in its folders',
      [grey([4, 5, 17, 19, 21, 26])],
      'camvid-32',
      ['camvid-11', 'camvid-32-colours', 'camvid-32'],
    ],
    ['Cityscapes colours', [coloured([0, 1, 2, 10], streetColours)], 'cityscapes-colours'],
    [
      'an adaptive palette of Cityscapes colours',
      [
        painted(
          [0, 1, 2, 3, 4],
          [8, 0, 13, 10, 2].map((id) => streetColours[id] ?? []),
        ),
      ],
      'cityscapes-colours',
    ],
    ['CamVid colours', [coloured([4, 17, 21, 26], paletteOf('camvid-32', 32))], 'camvid-32-colours'],
    ['SYNTHIA', [deepRed([3, 4, 6, 8, 0, 2, 1])], 'synthia', ['synthia', 'train-ids']],
    ['ADE20K beyond all others', [grey([1, 3, 5, 7, 13, 21, 140])], 'ade20k', ['ade20k']],
  ];
  it.each(cases)('%s', (_, looks, id, layout = []) => {
    expect(decide(looks, layout)).toMatchObject({ id, certainty: 'certain' });
  });

  it('reads codings that say the same of these files as one, and names both', () => {
    const { candidates } = decide([grey([7, 8, 11, 21, 23, 26])]);
    expect(candidates[0]).toMatchObject({ id: 'cityscapes-ids', alike: ['GTA5 label ids'] });
    expect(candidates.map(({ id }) => id)).not.toContain('gta5');
  });

  it('passes over files of their own kind of trouble while most agree', () => {
    const looks = [...Array.from({ length: 9 }, trainStreet), grey([0, 1, 77])];
    expect(decide(looks)).toMatchObject({ id: 'train-ids', certainty: 'certain' });
  });
});

describe('what is asked', () => {
  const cases: readonly [string, LabelLook[], string[], string[]?][] = [
    ['label ids that train ids know, too', [grey([0, 4, 7, 8, 11, 17])], ['cityscapes-ids', 'train-ids']],
    ['the same, fewer', [grey([7, 8, 11, 17])], ['cityscapes-ids', 'train-ids']],
    ['road and nothing', [grey([0, 7])], ['cityscapes-ids', 'train-ids']],
    ['a mask of 0 and 255', [grey([0, 255])], ['train-ids', 'binary-mask']],
    ['a mask of 0 and 1', [grey([0, 1])], ['train-ids']],
    [
      "VOC's palette",
      [
        painted(
          [0, 7, 15, 20, 255],
          Array.from({ length: 256 }, (_, i) => vocColour(i)),
        ),
      ],
      ['voc'],
    ],
    [
      "GTA5's palette, of which little but what it leaves out occurs",
      [
        painted(
          [0, 2, 8, 10],
          GTA5_PALETTE.map((rgb, id) => (id === 10 ? [0, 0, 0] : rgb)),
        ),
      ],
      ['gta5'],
    ],
    [
      "VOC's palette on classes of one's own",
      [
        painted(
          [0, 1, 2, 3],
          Array.from({ length: 256 }, (_, i) => vocColour(i)),
        ),
      ],
      ['voc', 'train-ids'],
    ],
    [
      'VOC in grey',
      [
        grey([
          [0, 70],
          [7, 10],
          [15, 15],
          [255, 5],
        ]),
      ],
      ['voc'],
    ],
    ['ADE20K without a name', [grey([1, 3, 5, 7, 12, 13, 21])], ['ade20k']],
    ['ADE20K in its folders, low values', [grey([1, 7, 12, 21])], ['ade20k'], ['ade20k']],
    ['IDD ids without a name', [grey([0, 3, 12, 24, 29, 32, 33])], ['idd-ids']],
    ['Mapillary without palette or name', [grey([13, 15, 17, 27, 29, 30])], ['mapillary-1.2']],
    ["CamVid's eleven in plain folders", [grey([0, 1, 3, 4, 5, 8, 11])], ['camvid-11', 'train-ids']],
    [
      'train ids in CamVid folders',
      [grey([0, 1, 2, 8, 10])],
      ['train-ids', 'camvid-11'],
      ['camvid-11', 'camvid-32-colours'],
    ],
    ['more of them', [grey([0, 1, 2, 3, 4, 5, 8, 11])], ['train-ids', 'camvid-11'], ['camvid-11']],
    ['CARLA, up to 0.9.13', [red([7, 1, 10, 8, 9, 11])], ['carla-old', 'carla-new']],
    ['CARLA, since 0.9.14', [red([1, 2, 3, 9, 11, 14])], ['carla-old', 'carla-new']],
    ['CARLA in grey', [grey([7, 1, 10, 8, 9, 11])], ['carla-old']],
    ['train ids with 20 for the rest', [grey([0, 1, 2, 8, 10, 13, 20])], ['train-ids']],
    ['label ids with 255', [grey([7, 8, 11, 21, 23, 26, 255])], ['cityscapes-ids']],
  ];
  it.each(cases)('%s', (_, looks, wanted, layout = []) => {
    const decision = decide(looks, layout);
    expect(decision.id).toBeNull();
    expect(['ambiguous', 'unknown']).toContain(decision.certainty);
    expect(idsOf(decision)).toEqual(expect.arrayContaining(wanted));
  });

  it('is unknown where nothing fits, with the best few and what they miss', () => {
    const { certainty, candidates } = decide([grey([0, 1, 160, 170, 180])]);
    expect(certainty).toBe('unknown');
    expect(candidates[0]).toMatchObject({ unknownShare: expect.closeTo(0.6, 1) });
    expect(candidates[0]?.reasons).toContainEqual({
      kind: 'undefined-values',
      values: expect.stringMatching(/1[678]0/),
    });
  });

  it('says that a mask has one class only and that 255 is ignored', () => {
    expect(decide([grey([0, 255])]).findings).toMatchObject([{ code: 'data.one-class', context: { ignored: 255 } }]);
  });
});

describe('files that disagree', () => {
  const five = (): LabelLook[] => Array.from({ length: 5 }, trainStreet);
  const odd: readonly [string, LabelLook][] = [
    ['label ids', grey([7, 8, 11, 21, 23, 26])],
    ['label ids that train ids know, too', grey([7, 8, 11, 12, 13, 17])],
    ['colours', coloured([0, 1, 2, 10], streetColours)],
  ];
  it.each(odd)('%s among train ids are a finding and a question', (_, other) => {
    const decision = decide([other, ...five()]);
    expect(decision).toMatchObject({ id: null, certainty: 'ambiguous', findings: [{ code: 'data.mixed-codings' }] });
    expect(idsOf(decision)).toContain('train-ids');
  });

  it('may be named differently: each keeps its own', () => {
    const looks = [named([0, 1, 2], 'train-ids'), named([7, 8, 11, 23], 'cityscapes-ids')];
    expect(decide(looks)).toMatchObject({ certainty: 'named', findings: [] });
  });
});

describe('names', () => {
  it('beat everything that does not contradict them', () => {
    expect(decide([named([7, 8, 11], 'train-ids')])).toMatchObject({ id: 'train-ids', certainty: 'named' });
    expect(decide([named([0, 3, 12, 24, 32], 'idd-ids')])).toMatchObject({ id: 'idd-ids', certainty: 'named' });
  });

  it('that promise what is not there are a question', () => {
    const decision = decide([named([7, 8, 11, 21, 23, 26], 'train-ids')]);
    expect(decision).toMatchObject({ id: null, certainty: 'ambiguous', findings: [{ code: 'data.mixed-codings' }] });
    expect(idsOf(decision)).toContain('cityscapes-ids');
  });
});

it('takes a table in the drop at its word, unless the labels hold something else', () => {
  const table = parseOwnTable('lane:255,0,0::\nbackground:0,0,0::\n', 'labelmap.txt');
  const colours = [
    [0, 0, 0],
    [255, 0, 0],
  ];
  const context = { named: [], extra: [table] };
  expect(decideCoding([coloured([0, 1], colours)], context)).toMatchObject({ id: table.id, certainty: 'certain' });
  expect(decideCoding([trainStreet()], context)).toMatchObject({ id: 'train-ids' });
});

describe('is not certain of a wrong coding', () => {
  const drawable = CODINGS.filter(({ values, id }) => values !== null && id !== 'binary-mask');
  const isWrong = (coding: Coding, blocks: [number, number][]): boolean => {
    const { id } = decide([grey(blocks), grey(blocks.toReversed())]);
    return id !== null && blocks.some(([value]) => meaningOf(codingEntry(id), value) !== meaningOf(coding, value));
  };

  it('that draws a scene as its datasets show it, parts up to three times as large or small', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...drawable),
        fc.integer(),
        fc.integer({ min: 3, max: 16 }),
        (coding, seed, count) => {
          const random = new RandomStream(seed, 'scene');
          const usual = [...coding.shares.values].sort((a, b) => b[1] - a[1]).slice(0, count);
          const blocks = usual.map(([value, share]): [number, number] => [value, share * 3 ** random.uniform(-1, 1)]);
          expect(isWrong(coding, blocks)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  // Now and then what is drawn at random is, by chance, the very picture of another coding's street.
  it('that draws any values in any proportions, but for one in hundreds', () => {
    let wrong = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const random = new RandomStream(seed, 'anything');
      const coding = drawable[random.integer(drawable.length)] ?? codingEntry('train-ids');
      const defined = Array.from(coding.values ?? [], (_, value) => value).filter(
        (value) => coding.values?.[value] !== UNDEFINED_LABEL && (value !== 255 || coding.writes255),
      );
      const drawn = [...random.permutation(defined.length)].slice(0, 1 + random.integer(14));
      const blocks = drawn.map((at): [number, number] => [defined[at] ?? 0, random.uniform(1, 20)]);
      if (isWrong(coding, blocks)) wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(3);
  });
});

/** Name of the class of a value; null for none. */
function meaningOf({ values, classes = CITYSCAPES_CLASSES }: Coding, value: number): string | null {
  return classes[values?.[value] ?? 255]?.name ?? null;
}

describe('a promise that leaves most pixels out', () => {
  const iddRoad = named(
    [
      [0, 30],
      [3, 10],
      [29, 20],
      [32, 15],
      [33, 15],
      [12, 10],
    ],
    'cityscapes-ids',
  );

  it('is doubted where another coding explains nearly all: IDD under the names of Cityscapes', () => {
    const { id, certainty, candidates } = decideCoding([iddRoad, iddRoad], { named: ['idd-ids', 'cityscapes-ids'] });
    expect([id, certainty]).toEqual([null, 'ambiguous']);
    expect(candidates.map((candidate) => candidate.id)).toEqual(expect.arrayContaining(['idd-ids', 'cityscapes-ids']));
  });

  it('is doubted where it leaves half of them out, if the other is more usual, too', () => {
    const half = named([0, 3, 29, 32, 33, 12], 'cityscapes-ids');
    expect(decideCoding([half], { named: ['cityscapes-ids'] })).toMatchObject({ id: null, certainty: 'ambiguous' });
  });

  it('is believed where nothing explains more, and where it leaves less out', () => {
    const cityscapes = named(
      [
        [7, 40],
        [11, 20],
        [21, 20],
        [23, 10],
        [1, 10],
      ],
      'cityscapes-ids',
    );
    expect(decideCoding([cityscapes], { named: ['cityscapes-ids'] })).toMatchObject({
      id: 'cityscapes-ids',
      certainty: 'named',
    });
  });
});
