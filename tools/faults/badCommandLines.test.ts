// Every wrong command line is refused by its name: some of them here, all in `npm run test:slow`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../src/domain/classes.ts';
import { openBackend } from '../../src/engine/backend/openBackend.ts';
import { networkEntry } from '../../src/engine/networks/registry.ts';
import { exportWeights } from '../../src/engine/training/weights.ts';
import { runCommandLine } from '../../src/hosts/node/commandLine.ts';
import { Interrupts } from '../../src/hosts/node/interrupts.ts';
import { greyPng, photoPng } from '../../src/testing/imageFiles.ts';
import { atLength } from '../../src/testing/slow.ts';
import { type BadCommandLine, badCommandLines, type GoodFiles, judge, placed } from './badCommandLines.ts';

let good: GoodFiles;
beforeAll(async () => {
  await openBackend({ preference: 'cpu' });
  const network = networkEntry('toy').build({ seed: 5 });
  const weights = await exportWeights(network, { size: { width: 32, height: 16 }, classes: CITYSCAPES_CLASSES });
  network.dispose();
  const names = ['a', 'b', 'c'];
  const set = Object.fromEntries(
    names.flatMap((name, i) => [
      [`images/${name}.png`, photoPng(32, 16, i)],
      [`labels/${name}_gtFine_labelTrainIds.png`, greyPng(32, 16, i)],
    ]),
  );
  good = { weights, set, png: photoPng(8, 8) };
});

async function outcome(line: BadCommandLine) {
  const folder = mkdtempSync(join(tmpdir(), 'bad-'));
  const said: string[] = [];
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(() => undefined),
    vi.spyOn(console, 'error').mockImplementation((text) => said.push(String(text))),
  ];
  try {
    const interrupts = new Interrupts(() => undefined);
    const exitCode = await runCommandLine(placed(line, folder), interrupts);
    return { exitCode, stderr: said.join('\n') };
  } finally {
    for (const spy of spies) spy.mockRestore();
    rmSync(folder, { recursive: true });
  }
}

test('wrong command lines are told, none as a defect', async () => {
  const wrong: string[] = [];
  for (const line of badCommandLines(atLength(Date.now() % 1e6, 1), good, atLength(undefined, 120))) {
    const found = await outcome(line);
    const verdict = judge(found, line);
    if (verdict !== 'told')
      wrong.push(`${verdict} (${found.exitCode}): ${line.kind}: ${line.args.join(' ')}\n${found.stderr}`);
  }
  expect(wrong).toEqual([]);
}, 600_000);

test('the same seed gives the same lines, of every command and kind', () => {
  const lines = badCommandLines(1, good);
  expect(lines.length).toBeGreaterThan(200);
  expect(badCommandLines(1, good)).toEqual(lines);
  expect(new Set(lines.map(({ kind }) => kind.split(':')[0])).size).toBeGreaterThan(12);
});

test.each([
  [{ exitCode: 1, stderr: 'config.invalid: --x 1' }, 'told'],
  [{ exitCode: 2, stderr: 'There is no option --x.' }, 'told'],
  [{ exitCode: 1, stderr: 'config.invalid: something' }, 'untold'],
  [{ exitCode: 0, stderr: '--x' }, 'untold'],
  [{ exitCode: 1, stderr: '' }, 'untold'],
  [{ exitCode: 1, stderr: 'internal.invariant: --x' }, 'defect'],
  [{ exitCode: 1, stderr: '--x\n    at file.ts:1:2' }, 'defect'],
  [{ exitCode: null, stderr: '--x' }, 'defect'],
] as const)('%j is %s', (found, verdict) => {
  expect(judge(found, { names: '--x' })).toBe(verdict);
});
