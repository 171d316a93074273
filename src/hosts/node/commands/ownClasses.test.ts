// Classes of one's own from the command line: folders with a table train, score and export by its names, and the exported
// weights are scored again as what they are.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ClassSet } from '../../../domain/classes.ts';
import { trainedClasses } from '../../../engine/training/weights.ts';
import { readSafetensors } from '../../../engine/weightFiles/safetensors.ts';
import { greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { ownClasses } from '../../../testing/ownClasses.ts';
import { Interrupts } from '../interrupts.ts';
import type { Command } from '../runCommand.ts';
import { evaluateCommand } from './evaluateCommand.ts';
import { trainCommand } from './trainCommand.ts';

const SIZE = { width: 32, height: 16 };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-classes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]): string => join(folder, ...names);

/** Five pictures in which every class has a column or two; class c is written as 100 + c. */
function writeSet(name: string, classes: ClassSet): void {
  const { width, height } = SIZE;
  for (const part of ['images', 'labels']) mkdirSync(at(name, part), { recursive: true });
  for (let i = 0; i < 5; i++) {
    const labels = Uint8Array.from({ length: width * height }, (_, p) => 100 + ((i + p) % classes.length));
    writeFileSync(at(name, 'images', `${i}.png`), photoPng(width, height, i));
    writeFileSync(at(name, 'labels', `${i}.png`), greyPng(width, height, labels));
  }
}

async function printedBy(command: Command, args: string[]): Promise<string> {
  const printed: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => printed.push(String(line)));
  try {
    expect(await command(args, new Interrupts(() => undefined))).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return printed.join('\n');
}

describe.each([
  [5, ['--recipe', 'source-only', '--steps', '2']],
  [33, ['--recipe', 'recipe.json']],
] as const)('%i classes', (count, [option, recipe, ...rest]) => {
  const classes = ownClasses(count);
  const named = (name: string): string => `${name}-${count}`;

  test('train, score and export under the names of their table', async () => {
    for (const name of ['source', 'target']) writeSet(named(name), classes);
    const rows = classes.map(({ name, rgb }, c) => [100 + c, name, ...rgb].join(','));
    writeFileSync(at(`${named('table')}.csv`), `value,name,r,g,b\n${rows.join('\n')}\n`);
    const student = { id: 'taught', method: 'student-source', params: { batchSize: 1, anchorImages: 1, views: 1 } };
    const stages = [
      { kind: 'train', id: 'first', method: 'source-only', params: { batchSize: 1 }, steps: 1, rung: 'st' },
      { kind: 'train', ...student, steps: 1, rung: 'uda', start: { teacher: { stage: 'first', role: 'segmenter' } } },
    ];
    writeFileSync(at('recipe.json'), JSON.stringify({ schemaVersion: 1, id: 'two', stages }));
    const sides = ['source', 'target'].flatMap((side) => [
      ...[`--${side}`, at(named(side))],
      ...[`--${side}-coding`, at(`${named('table')}.csv`)],
    ]);
    const asked = [option, recipe.endsWith('.json') ? at(recipe) : recipe, ...rest, ...sides];
    const shape = ['--network', 'toy', '--size', `${SIZE.width}x${SIZE.height}`, '--backend', 'cpu'];
    const printed = await printedBy(trainCommand, [
      ...asked,
      ...shape,
      '--mean',
      'kind 0,kind 1',
      '--out',
      at(named('out')),
    ]);
    expect(printed).toContain(`kind ${count - 1} `);
    expect(printed).toContain('mIoU kind 0,kind 1: mean over');
    const report = JSON.parse(readFileSync(at(named('out'), 'report.json'), 'utf8'));
    expect(printed).toContain('Tile-size scores (32x16)');
    expect(report.scoredAt).toBe('tiles');
    expect(report.classes).toEqual(classes);
    expect(Object.keys(report.final.iou)).toEqual(classes.map(({ name }) => name));
    expect(report.final.confusion).toHaveLength(count * count);

    const weights = at(named('out'), 'weights.safetensors');
    expect(trainedClasses(readSafetensors(new Uint8Array(readFileSync(weights))).metadata)).toEqual(classes);
    const target = ['--target', at(named('target')), '--target-coding', at(`${named('table')}.csv`)];
    const again = await printedBy(evaluateCommand, [
      '--weights',
      weights,
      ...target,
      '--backend',
      'cpu',
      '--out',
      at('again.json'),
    ]);
    expect(again).toContain(`kind ${count - 1} `);
    expect(Object.keys(JSON.parse(readFileSync(at('again.json'), 'utf8')).iou)).toEqual(
      classes.map(({ name }) => name),
    );
  });
});

test('a source and a target with other tables are refused before anything is trained', async () => {
  writeFileSync(
    at('other.csv'),
    ownClasses(5)
      .toReversed()
      .map(({ name }, c) => `${100 + c},${name}`)
      .join('\n'),
  );
  const sides = ['--source', at('source-5'), '--source-coding', at('table-5.csv'), '--target', at('target-5')];
  const asked = [...sides, '--target-coding', at('other.csv'), '--size', '32x16', '--backend', 'cpu'];
  await expect(printedBy(trainCommand, asked)).rejects.toMatchObject({
    code: 'config.class-mismatch',
    context: { aClasses: expect.stringMatching(/^kind 0/), bClasses: expect.stringMatching(/^kind 4/) },
  });
});
