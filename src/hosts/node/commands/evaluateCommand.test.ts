// What `evaluate` takes and says: the size that weights were trained at, and sizes that their network does not take.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { openBackend } from '../../../engine/backend/openBackend.ts';
import { networkEntry } from '../../../engine/networks/registry.ts';
import { exportWeights } from '../../../engine/training/weights.ts';
import { readSafetensors, writeSafetensors } from '../../../engine/weightFiles/safetensors.ts';
import { greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { floats, torchPlain, torchZip } from '../../../testing/torchFiles.ts';
import { evaluateCommand } from './evaluateCommand.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  for (const part of ['images', 'labels']) mkdirSync(join(folder, 'set', part), { recursive: true });
  // Ids of Cityscapes' label files: road above, sky below.
  const labels = Uint8Array.from({ length: 64 * 32 }, (_, i) => (i < 64 * 16 ? 7 : 23));
  for (const name of ['a', 'b']) {
    writeFileSync(at(`set/images/${name}.png`), photoPng(64, 32));
    writeFileSync(at(`set/labels/${name}_gtFine_labelIds.png`), greyPng(64, 32, labels));
  }
  await openBackend({ preference: 'cpu' });
  const network = networkEntry('toy').build({ seed: 5 });
  writeFileSync(
    at('sized'),
    await exportWeights(network, { size: { width: 32, height: 16 }, classes: CITYSCAPES_CLASSES }),
  );
  writeFileSync(at('unsized'), await exportWeights(network));
  network.dispose();
  const classes = CITYSCAPES_CLASSES.slice(0, 5);
  const five = networkEntry('toy').build({ seed: 5, classes: 5 });
  writeFileSync(at('five'), await exportWeights(five, { size: { width: 32, height: 16 }, classes }));
  five.dispose();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command on the set; gives what it printed and its report. */
async function evaluated(weights: string, ...args: string[]) {
  const printed: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(String(line)));
  try {
    const target = args.includes('--target') ? [] : ['--target', at('set')];
    const files = ['--weights', at(weights), ...target, '--out', at('report.json')];
    expect(await evaluateCommand([...files, '--backend', 'cpu', ...args])).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return { printed: printed.join('\n'), report: JSON.parse(readFileSync(at('report.json'), 'utf8')) };
}

test.each([
  ['sized', [], { width: 32, height: 16 }, 'Run at 32x16; trained at 32x16; scored at'],
  ['sized', ['--size', '64x32'], { width: 64, height: 32 }, 'Run at 64x32; trained at 32x16; scored at'],
  ['unsized', [], { width: 128, height: 64 }, 'Run at 128x64; the weights do not say'],
] as const)('%s weights with %j', async (weights, args, size, line) => {
  const { printed, report } = await evaluated(weights, ...args);
  expect(printed).toContain(line);
  expect(report.size).toEqual(size);
  expect(printed).toContain("Scores at the labels' own size (64x32)");
  expect(report).toMatchObject({ scoredAt: 'labels', labelSizes: [{ width: 64, height: 32, images: 2 }] });
  expect(report.pixels).toBe(2 * 64 * 32);
});

test('poles of one pixel stay in the truth at its own size, and are gone at that of tiles', async () => {
  for (const part of ['images', 'labels']) mkdirSync(join(folder, 'poles', part), { recursive: true });
  // Every eighth column a pole, where shrinking to a quarter (columns 2, 6, 10, ...) looks past it.
  const labels = Uint8Array.from({ length: 128 * 64 }, (_, i) => (i % 8 === 0 ? 5 : 0));
  writeFileSync(at('poles/images/a.png'), photoPng(128, 64));
  writeFileSync(at('poles/labels/a_gtFine_labelTrainIds.png'), greyPng(128, 64, labels));
  const poles = (report: { confusion: number[] }) => report.confusion.slice(5 * 19, 6 * 19).reduce((a, b) => a + b, 0);
  const own = await evaluated('sized', '--target', at('poles'));
  expect(poles(own.report)).toBe((128 * 64) / 8);
  expect(own.report.iou.pole).not.toBeNull();
  const tiles = await evaluated('sized', '--target', at('poles'), '--score-at', 'tiles');
  expect(tiles.printed).toContain('Tile-size scores (32x16)');
  expect(tiles.report).toMatchObject({ scoredAt: 'tiles', pixels: 32 * 16 });
  expect(tiles.report).not.toHaveProperty('labelSizes');
  expect(poles(tiles.report)).toBe(0);
});

test('photos without labels are passed by; a folder without any label is refused', async () => {
  for (const part of ['some/images', 'some/labels', 'none/images']) mkdirSync(at(part), { recursive: true });
  for (const [name, shade] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    for (const set of ['some', 'none']) writeFileSync(at(`${set}/images/${name}.png`), photoPng(64, 32, shade));
  }
  writeFileSync(at('some/labels/a_gtFine_labelTrainIds.png'), greyPng(64, 32, 0));
  expect((await evaluated('sized', '--target', at('some'))).report).toMatchObject({ images: 1, pixels: 64 * 32 });
  await expect(evaluated('sized', '--target', at('none'))).rejects.toMatchObject({ code: 'config.unmet-need' });
});

test('the means that are asked for stand in table and report', async () => {
  const { printed, report } = await evaluated('sized', '--mean', '16', '--mean', 'road,sky');
  expect(printed).toContain('mIoU 16: mean over those that occur of road, sidewalk');
  expect(report.means).toMatchObject([{ id: '16', classes: { length: 16 } }, { id: 'road,sky' }]);
});

test('weights for other classes than the labels are refused with both lists', async () => {
  await expect(evaluated('five')).rejects.toMatchObject({
    code: 'config.class-mismatch',
    context: { aClasses: 'road, sidewalk, building, wall, fence', bClasses: expect.stringMatching(/bicycle$/) },
  });
});

test('weights that are no numbers are named, and so is a set that a file of ours does not have', async () => {
  const { tensors, metadata } = readSafetensors(readFileSync(at('sized')));
  const copies = [...tensors].map(
    ([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }] as const,
  );
  const [name, { values }] = copies[1]!;
  values[0] = Number.NaN;
  writeFileSync(at('diverged'), writeSafetensors(copies, metadata));
  await expect(evaluated('diverged')).rejects.toMatchObject({ context: { tensor: name, reason: 'not-finite' } });
  await expect(evaluated('sized#other')).rejects.toMatchObject({ code: 'config.invalid', context: { key: 'weights' } });
});

test('PyTorch weights score as ours do, whatever they are wrapped in; of two sets one is named', async () => {
  const { tensors } = readSafetensors(readFileSync(at('unsized')));
  const dict = (scale: number) =>
    Object.fromEntries(
      [...tensors].map(([name, { shape, values }]) => [
        name,
        floats(
          shape,
          values.map((v) => v * scale),
        ),
      ]),
    );
  const wrapped = Object.fromEntries(Object.entries(dict(1)).map(([name, tensor]) => [`module.${name}`, tensor]));
  writeFileSync(at('old.pth'), torchPlain({ epoch: 1, state_dict: wrapped }));
  writeFileSync(at('two.pth'), await torchZip({ model: dict(0), teacher: dict(1) }));
  const { report } = await evaluated('unsized');
  for (const name of ['old.pth', 'two.pth#teacher']) {
    const found = await evaluated(name, '--network', 'toy');
    expect(found.report.confusion, name).toEqual(report.confusion);
    expect(found.printed).toContain(name === 'old.pth' ? 'taken from: state_dict' : 'taken from: teacher');
  }
  await expect(evaluated('two.pth', '--network', 'toy')).rejects.toMatchObject({
    code: 'checkpoint.ambiguous',
    context: { entries: 'model,teacher' },
  });
  await expect(evaluated('two.pth')).rejects.toMatchObject({ code: 'checkpoint.incompatible' });
});

test.each([
  ['nowhere', 'data.not-found'],
  ['set', 'data.not-found'],
  ['set#teacher', 'data.not-found'],
  ['set/images/a.png', 'checkpoint.corrupt'],
])('weights at %s are %s', async (name, code) => {
  await expect(evaluated(name)).rejects.toMatchObject({ code });
});

test('a size that training refuses is refused here, before anything is read', async () => {
  await expect(evaluated('sized', '--size', '33x17', '--target', at('nowhere'))).rejects.toMatchObject({
    code: 'config.invalid',
    context: { width: 33, height: 17, sizeMultiple: 8 },
  });
});

test('a folder that is not there is refused before it is looked into', async () => {
  await expect(evaluated('sized', '--target', at('nowhere'))).rejects.toMatchObject({ code: 'data.not-found' });
});

test('scores are printed before they are written, for the disk may refuse', async () => {
  const printed: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => {
    printed.push(String(line));
    // The folder goes while the command works.
    if (String(line).startsWith('Run at')) rmSync(at('gone'), { recursive: true });
  });
  mkdirSync(at('gone'));
  const files = ['--weights', at('sized'), '--target', at('set'), '--out', at('gone/report.json')];
  try {
    await expect(evaluateCommand([...files, '--backend', 'cpu'])).rejects.toMatchObject({
      code: 'storage.unavailable',
      context: { path: at('gone/report.json'), reason: 'ENOENT' },
    });
  } finally {
    spy.mockRestore();
  }
  expect(printed.join('\n')).toContain('mIoU');
});
