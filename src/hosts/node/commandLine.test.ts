// What the command line says to what is mistyped, and of what is its own fault. Wrong lines of every kind are in tools/faults.
import { expect, test, vi } from 'vitest';
import { StudioError } from '../../domain/errors.ts';
import { runCommandLine } from './commandLine.ts';
import { Interrupts } from './interrupts.ts';
import { statusOf } from './runCommand.ts';

async function saidTo(run: (interrupts: Interrupts) => Promise<number>): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)));
  try {
    return { status: await run(new Interrupts(() => undefined)), said: said.join('\n') };
  } finally {
    spy.mockRestore();
  }
}

test.each([
  ['trian', 2, 'Did you mean "train"?'],
  ['constructor', 2, 'There is no command "constructor"'],
  ['train --stpes 5', 2, 'Did you mean "--steps"?'],
  ['train --network tyo', 1, 'Did you mean "toy"?'],
  ['train --recipe laddre', 1, 'Did you mean "ladder"?'],
  ['train --set lerningRate=0.1', 1, 'Did you mean "learningRate"?'],
  ['train --set source-onyl.learningRate=0.1', 1, 'Did you mean "source-only"?'],
  ['train --set source-only.learningRat=0.1', 1, 'Did you mean "learningRate"?'],
  ['train --backend webgup', 1, 'Did you mean "webgpu"?'],
  ['train --set learningRate=0.01=0.02', 1, 'is not learningRate=NUMBER'],
  ['train --seeds 1,1', 1, 'Give --seeds a list of different seeds'],
])('%s', async (line, status, says) => {
  const found = await saidTo((interrupts) => runCommandLine(line.split(' '), interrupts));
  expect(found.status).toBe(status);
  expect(found.said).toContain(says);
});

test.each([
  ['thrown as it is', () => new TypeError('a slip')],
  [
    'wrapped by who saw it',
    () => new StudioError('internal.invariant', 'a slip', 'Report.', {}, new TypeError('a slip')),
  ],
])('a defect says what to send: %s', async (_, made) => {
  const { status, said } = await saidTo((interrupts) => statusOf(() => Promise.reject(made()), [], interrupts));
  expect(status).toBe(1);
  expect(said).toMatch(/^internal\.invariant: .*a slip/);
  expect(said).toMatch(
    /\n {2}UDAS Studio \d+\.\d+\.\d+ \(.+\), Node v\d+.*\n.*\n {2}TypeError: a slip\n {6}at .*commandLine\.test\.ts/,
  );
});
