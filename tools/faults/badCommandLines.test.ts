// Every wrong command line is refused by its name: some of them here, all in `npm run test:slow`.
import { expect, test } from 'vitest';
import { atLength } from '../../src/testing/slow.ts';
import { badCommandLines, judge } from './badCommandLines.ts';
import { commandLineFaults, goodFiles } from './commandLineFaults.ts';

test('wrong command lines are told, none as a defect', async () => {
  const wrong: string[] = [];
  const seed = atLength(Date.now() % 1_000_000, 1);
  for await (const { line, verdict, exitCode, stderr } of commandLineFaults(seed, atLength(undefined, 120))) {
    if (verdict === 'told') continue;
    wrong.push(`${verdict} (${exitCode}), seed ${seed}: ${line.kind}: ${line.args.join(' ')}\n${stderr}`);
  }
  expect(wrong).toEqual([]);
}, 600_000);

test('the same seed gives the same lines, of every command and kind', async () => {
  const good = await goodFiles();
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
