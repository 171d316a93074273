// Paths and files that commands cannot use are refused with a code of their own, before anything is opened or trained.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Interrupts } from '../interrupts.ts';
import type { Command } from '../runCommand.ts';
import { DirectoryLock } from '../storage/directoryLock.ts';
import { thisProcess } from '../storage/processIdentity.ts';
import { evaluateCommand } from './evaluateCommand.ts';
import { inspectCommand } from './inspectCommand.ts';
import { readRecipe } from './recipeArguments.ts';
import { trainCommand } from './trainCommand.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paths-'));
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const commands: Readonly<Record<string, Command>> = {
  train: trainCommand,
  evaluate: evaluateCommand,
  inspect: inspectCommand,
};

test.each([
  ['data.not-found', 'train --init missing'],
  ['data.not-found', 'train --init folder'],
  ['data.not-found', 'train --source missing --target folder'],
  ['data.not-found', 'train --source folder --target missing'],
  ['data.not-found', 'train --source folder --target folder --validate missing'],
  ['data.not-found', 'train --recipe missing.json'],
  ['data.not-found', 'train --source folder --target folder --target-coding missing.csv'],
  ['data.not-found', 'train --source folder --target folder --source-coding ./folder'],
  ['config.invalid', 'train --out file'],
  ['config.invalid', 'train --out file/new'],
  ['config.invalid', 'train --size 33x17'],
  ['config.invalid', 'train --size 0x0'],
  ['config.invalid', 'train --size 9000x64'],
  ['config.invalid', 'train --network nowhere'],
  ['config.invalid', 'train --labels some'],
  ['config.invalid', 'train --evaluate-every 0'],
  ['config.invalid', 'train --set constructor=1'],
  ['config.invalid', 'train --set __proto__=1'],
  ['config.invalid', 'train --set source-only.toString=1'],
  ['config.invalid', 'train --set learningRate=0.01=0.02'],
  ['data.not-found', 'evaluate --weights missing --target folder'],
  ['data.not-found', 'evaluate --weights folder --target folder'],
  ['data.not-found', 'evaluate --weights file --target folder --out missing/x.json'],
  ['config.invalid', 'evaluate --weights file --target folder --out folder'],
  ['config.invalid', 'evaluate --weights file --target folder --out file/x.json'],
  ['data.not-found', 'inspect folder --coding missing.json'],
])('%s: %s', async (code, line) => {
  const [command = 'train', ...words] = line.split(' ');
  const names = /^(\.\/)?(missing|folder|file)\b/;
  const args = words.map((word) => (names.test(word) ? join(folder, word) : word));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    await expect(commands[command]!(args, new Interrupts(() => undefined))).rejects.toMatchObject({ code });
    // Whoever opens a device says so.
    expect(printed).not.toHaveBeenCalled();
  } finally {
    printed.mockRestore();
    complained.mockRestore();
  }
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder']);
});

test('a folder in which another process writes is refused before anything is opened', async () => {
  const out = join(folder, 'folder', 'held');
  const lock = await DirectoryLock.take(out, false, { ...thisProcess(), pid: process.ppid, started: '' });
  for (const args of [[], ['--take-over'], ['--seeds', '1,2']]) {
    await expect(trainCommand(['--out', out, ...args], new Interrupts(() => undefined))).rejects.toMatchObject({
      code: 'run.taken',
      message: expect.stringContaining(`process ${process.ppid} on`),
    });
  }
  lock.release();
});

const RECIPE = JSON.stringify({
  schemaVersion: 1,
  id: 'mine',
  stages: [{ kind: 'train', id: 'first', method: 'source-only', params: {}, steps: 3, rung: 'first' }],
});
test.each([
  ['a byte order mark', Buffer.from(`\uFEFF${RECIPE}`), null],
  ['UTF-16', Buffer.from(`\uFEFF${RECIPE}`, 'utf16le'), null],
  ['a comma too many', RECIPE.replace(']', '],'), RECIPE.length + 1],
  ['no end', RECIPE.slice(0, -3), RECIPE.length - 2],
] as const)('a recipe with %s', async (name, contents, column) => {
  const path = join(folder, 'folder', `${name}.json`);
  writeFileSync(path, contents);
  const read = readRecipe({ recipe: path, set: [] });
  if (column === null) expect((await read).recipe.id).toBe('mine');
  else await expect(read).rejects.toMatchObject({ code: 'config.invalid', context: { line: 1, column } });
});
