// Inspection and import of whole drops, good and bad: what is recognised, reported, rejected and cut into tiles.

import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { IGNORE } from '../../domain/classes.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ImportOptions } from '../../domain/importing.ts';
import { predictBytes, predictTiles } from '../../domain/predictBytes.ts';
import { claimingPng, fileOf, GTA5_PALETTE, greyPng, palettePng, photoPng } from '../../testing/imageFiles.ts';
import { decodePngPhoto } from '../decode/decodePng.ts';
import type { PhotoDecoder, SourceFile } from '../ports.ts';
import { fingerprint } from './fingerprint.ts';
import { type PairTiles, tilesOf } from './importPairs.ts';
import { inspectFiles } from './inspect.ts';
import { withAllPairsIn } from './plan.ts';

const decoder: PhotoDecoder = { decode: async (file) => decodePngPhoto(await file.bytes(), file.path) };
const options: ImportOptions = { name: 'x', size: { width: 8, height: 4 }, mode: 'resize', holdOut: 0 };

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}

const importAll = async (
  files: readonly SourceFile[],
  changes: Partial<ImportOptions> = {},
  from = 0,
): Promise<PairTiles[]> => {
  const { plan } = await inspectFiles(files, decoder);
  return collect(tilesOf(plan, { ...options, ...changes }, decoder, from));
};

/** `count` good pairs of train ids, 16 x 8, and whatever is added. */
const goodPairs = (count: number): SourceFile[] =>
  Array.from({ length: count }, (_, i) => [
    fileOf(`d/images/${i + 10}.png`, photoPng(16, 8, i)),
    fileOf(`d/labels/${i + 10}_labelTrainIds.png`, greyPng(16, 8, i % 19)),
  ]).flat();

const withPair = (image: Uint8Array, labels: Uint8Array): SourceFile[] => [
  ...goodPairs(2),
  fileOf('d/images/bad.png', image),
  fileOf('d/labels/bad_labelTrainIds.png', labels),
];

describe('a good drop', () => {
  it('is reported with counts, sizes and class shares before anything is written', async () => {
    const seen: [number, number][] = [];
    const { report, plan } = await inspectFiles(goodPairs(4), decoder, { onProgress: (...at) => seen.push(at) });
    expect(report).toMatchObject({
      layout: 'plain',
      suggestedName: 'd',
      fileCount: 8,
      splits: { train: { pairs: 4, unlabelled: 0 }, val: { pairs: 0, unlabelled: 0 } },
      imageSizes: [{ width: 16, height: 8, count: 4 }],
      sampled: 4,
      issues: [],
      issueCounts: {},
    });
    expect(report.classShares.slice(0, 5)).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(report.decodeMsPerPair).toBeGreaterThan(0);
    expect(seen).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ]);
    expect(plan.pairs.map(({ name }) => name)).toEqual(['10', '11', '12', '13']);
  });

  it('is told from GTA5 by the palette of its labels, not by its names; grey labels of two values are asked about', async () => {
    const gta = (indices: readonly number[]) => [
      fileOf('images/00001.png', photoPng(2, 1)),
      fileOf('labels/00001.png', palettePng(2, 1, indices, GTA5_PALETTE)),
    ];
    expect((await inspectFiles(gta([7, 26]), decoder)).report.layout).toBe('gta5');
    // Only low ids: the palette still tells.
    const { report, plan } = await inspectFiles(gta([7, 8]), decoder);
    expect([report.layout, plan.pairs[0]?.coding.id]).toEqual(['gta5', 'gta5']);
    const grey = [fileOf('images/00001.png', photoPng(2, 1)), fileOf('labels/00001.png', greyPng(2, 1, [23, 26]))];
    const asked = (await inspectFiles(grey, decoder)).report;
    expect([asked.coding.certainty, asked.questions]).toEqual(['ambiguous', [{ kind: 'coding' }]]);
    expect(asked.coding.candidates[0]).toMatchObject({ id: 'cityscapes-ids', alike: ['GTA5 label ids'] });
    expect((await inspectFiles(goodPairs(3), decoder)).plan.pairs[0]?.coding.id).toBe('train-ids');
  });

  it('becomes tiles in plan order; continuing at an index gives the same rest', async () => {
    const files = goodPairs(9);
    const whole = await importAll(files);
    expect(whole.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(whole.every(({ tiles, issues }) => tiles.length === 1 && issues.length === 0)).toBe(true);
    expect(whole.map(({ tiles }) => tiles[0]?.labels?.[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const tilesAlone = (all: PairTiles[]) => all.map(({ index, split, tiles }) => ({ index, split, tiles }));
    expect(tilesAlone(await importAll(files, {}, 5))).toEqual(tilesAlone(whole.slice(5)));
  });

  it('predicts the tiles and bytes that the import then gives', async () => {
    const files = goodPairs(3);
    const { report } = await inspectFiles(files, decoder);
    for (const mode of ['resize', 'grid'] as const) {
      const shape = { ...options, size: { width: 6, height: 5 }, mode };
      const tiles = (await importAll(files, shape)).flatMap((pair) => pair.tiles);
      const bytes = tiles.reduce((sum, tile) => sum + tile.image.length + (tile.labels?.length ?? 0), 0);
      expect([predictTiles(report, shape), predictBytes(report, shape)]).toEqual([tiles.length, bytes]);
    }
  });

  it('holds out a fixed share of labelled pairs where there is no validation split', async () => {
    const first = await importAll(goodPairs(10), { holdOut: 0.3 });
    expect(first.filter(({ split }) => split === 'val').length).toBe(3);
    const again = await importAll(goodPairs(10), { holdOut: 0.3 });
    expect(again.map(({ split }) => split)).toEqual(first.map(({ split }) => split));
    const { plan } = await inspectFiles(goodPairs(3), decoder);
    const all = await collect(tilesOf(withAllPairsIn(plan, 'val'), { ...options, holdOut: 0.3 }, decoder));
    expect(all.every(({ split }) => split === 'val')).toBe(true);
  });

  it('decodes at most the look-ahead at once, and stops when the reader leaves', async () => {
    let open = 0;
    let most = 0;
    let decoded = 0;
    const counting: PhotoDecoder = {
      async decode(file) {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
        decoded++;
        return decoder.decode(file);
      },
    };
    const { plan } = await inspectFiles(goodPairs(30), decoder);
    for await (const { index } of tilesOf(plan, options, counting, 0, { lookAhead: 3 })) if (index === 4) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(most).toBe(3);
    expect(decoded).toBeLessThanOrEqual(8);
  });

  it('stops with the reason of the abort', async () => {
    const { plan } = await inspectFiles(goodPairs(5), decoder);
    const controller = new AbortController();
    const reason = new Error('enough');
    const stream = tilesOf(plan, options, decoder, 0, { signal: controller.signal });
    await stream.next();
    controller.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
  });
});

describe('bad input is survived and named', () => {
  const good = photoPng(16, 8, 5);
  const label = greyPng(16, 8, 3);
  const rgba = encode({ width: 16, height: 8, data: new Uint8Array(512), channels: 4, depth: 8 });
  const deep = encode({ width: 16, height: 8, data: new Uint16Array(128).fill(26_001), channels: 1, depth: 16 });
  const text = new TextEncoder().encode('just some words, long enough to hold what a header would hold');

  const cases: readonly [string, Uint8Array, Uint8Array, string, string][] = [
    ['a truncated PNG photo', good.slice(0, good.length - 30), label, 'data.unreadable-file', 'd/images/bad.png'],
    ['a truncated PNG label', good, label.slice(0, 60), 'data.unreadable-file', 'd/labels/bad_labelTrainIds.png'],
    ['a PNG of instance ids', good, deep, 'data.unsupported-format', 'd/labels/bad_labelTrainIds.png'],
    ['RGBA labels', good, rgba, 'data.unsupported-format', 'd/labels/bad_labelTrainIds.png'],
    ['a text file called .png', text, label, 'data.unreadable-file', 'd/images/bad.png'],
    [
      'label and image sizes that differ',
      good,
      greyPng(16, 16, 3),
      'data.size-mismatch',
      'd/labels/bad_labelTrainIds.png',
    ],
    [
      'a PNG with huge declared dimensions',
      claimingPng(50_000, 50_000),
      label,
      'data.unsupported-format',
      'd/images/bad.png',
    ],
    [
      'a label with huge declared dimensions',
      good,
      claimingPng(50_000, 50_000),
      'data.unsupported-format',
      'd/labels/bad_labelTrainIds.png',
    ],
    ['a blank frame', greyPng(16, 8, 0), label, 'data.unreadable-file', 'd/images/bad.png'],
  ];

  it.each(cases)('%s', async (_, image, labels, code, path) => {
    const files = withPair(image, labels);
    const { report } = await inspectFiles(files, decoder);
    expect(report.issues.map((issue) => [issue.code, issue.path])).toEqual([[code, path]]);
    expect(report.issues[0]?.message).toContain(path);
    const results = await importAll(files);
    expect(results.map(({ tiles, issues }) => [tiles.length, issues.length])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it('0-byte files', async () => {
    const { report, plan } = await inspectFiles(withPair(new Uint8Array(0), label), decoder);
    expect(plan.pairs.length).toBe(2);
    expect(report.issues.map(({ code, path }) => [code, path])).toEqual([
      ['data.unreadable-file', 'd/images/bad.png'],
      ['data.unpaired', 'd/labels/bad_labelTrainIds.png'],
    ]);
  });

  it('two files of one name', async () => {
    const files = [...goodPairs(2), fileOf('d/images/10.PNG', good)];
    const { report, plan } = await inspectFiles(files, decoder);
    expect(plan.pairs.length).toBe(2);
    expect(report.issueCounts).toEqual({ 'data.duplicate-name': 1 });
  });

  it('sizes that differ in scale only: labels are resized, and it is said', async () => {
    const results = await importAll(withPair(good, greyPng(32, 16, 3)));
    expect(results[2]?.issues).toMatchObject([{ code: 'data.size-mismatch', context: { outcome: 'resized' } }]);
    expect(results[2]?.tiles[0]?.labels?.every((value) => value === 3)).toBe(true);
  });

  it('unknown label values: ignored, with value and count', async () => {
    const values = new Uint8Array(128).fill(1);
    values.fill(99, 0, 5);
    const results = await importAll(withPair(good, greyPng(16, 8, values)), { size: { width: 16, height: 8 } });
    expect(results[2]?.issues).toMatchObject([
      { code: 'data.unknown-labels', context: { pixels: 5, total: 128, values: '99 (5)' } },
    ]);
    expect(results[2]?.tiles[0]?.labels?.filter((value) => value === IGNORE).length).toBe(5);
  });

  it('a file that vanished since the drop', async () => {
    const gone: SourceFile = {
      path: 'd/labels/bad_labelTrainIds.png',
      sizeBytes: 9,
      bytes: () => Promise.reject(new Error('NotFound')),
    };
    const results = await importAll([...goodPairs(2), fileOf('d/images/bad.png', good), gone]);
    expect(results[2]?.issues).toMatchObject([
      { code: 'data.unreadable-file', path: 'd/labels/bad_labelTrainIds.png' },
    ]);
  });

  it('an empty folder', async () => {
    await expect(inspectFiles([], decoder)).rejects.toMatchObject({ code: 'data.empty-dataset' });
    await expect(inspectFiles([fileOf('d/.DS_Store', text)], decoder)).rejects.toMatchObject({
      code: 'data.empty-dataset',
    });
    await expect(inspectFiles([fileOf('images/a.png', new Uint8Array(0))], decoder)).rejects.toMatchObject({
      code: 'data.empty-dataset',
    });
  });

  it('a layout that is none of the known ones', async () => {
    const error = await inspectFiles([fileOf('trip/a.png', good)], decoder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({ code: 'data.unknown-layout' });
    expect((error as StudioError).advice).toMatch(/CamVid.*Cityscapes.*GTA5/);
  });
});

describe('fingerprint', () => {
  it('depends on paths and sizes, not on order or contents', () => {
    const listing = fc.uniqueArray(fc.record({ path: fc.string({ minLength: 1 }), sizeBytes: fc.nat() }), {
      selector: ({ path }) => path,
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(listing, fc.nat(), (files, at) => {
        const name = fingerprint(files);
        expect(name).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprint(files.toReversed())).toBe(name);
        const changed = files.map((file, i) =>
          i === at % files.length ? { ...file, sizeBytes: file.sizeBytes + 1 } : file,
        );
        expect(fingerprint(changed)).not.toBe(name);
      }),
    );
  });
});
