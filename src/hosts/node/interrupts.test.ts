// A run that is asked to end while it trains, as a real process: nothing is lost, whoever else hears the signal first.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { freshHeadless } from '../../../tools/build/buildHeadless.mjs';
import { atLength } from '../../testing/slow.ts';
import { Interrupts } from './interrupts.ts';

let entry: string;
beforeAll(async () => {
  entry = await freshHeadless();
}, 120_000);

const WAYS = {
  npm: () => ['npm', 'run', '--silent', 'headless', '--'],
  wrapper: () => [process.execPath, 'tools/build/launch.mjs', 'headless'],
  entry: () => [process.execPath, entry],
} as const;

type Way = keyof typeof WAYS;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ALL = (Object.keys(WAYS) as Way[]).flatMap((way) => SIGNALS.map((signal) => [way, signal, 'group'] as const));
const CASES: readonly (readonly [Way, (typeof SIGNALS)[number], 'group' | 'one'])[] = atLength(
  [...ALL, ['npm', 'SIGTERM', 'one'], ['npm', 'SIGINT', 'one'], ['wrapper', 'SIGTERM', 'one'], ...ALL],
  [
    ['npm', 'SIGINT', 'group'],
    ['wrapper', 'SIGHUP', 'one'],
  ],
);

test.each(CASES)(
  '%s and %s to its %s',
  async (way, signal, whom) => {
    const out = mkdtempSync(join(tmpdir(), 'interrupted-'));
    const order = ['train', '--network', 'toy', '--size', '32x16', '--backend', 'cpu', '--steps', '1000000'];
    const [command = '', ...args] = [...WAYS[way](), ...order, '--out', out];
    // A group of its own, as a terminal makes one: a signal to it reaches npm, the wrapper and the command at once.
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = statusOf(child);
    const whose = (child.pid ?? 0) * (whom === 'group' ? -1 : 1);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    try {
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk) => String(chunk).includes('steps/s') && resolve());
        child.on('close', () => reject(new Error(said)));
      });
      await pause(500);
      if (atLength(true, false)) {
        const second = spawnSync(process.execPath, [entry, ...order, '--out', out], { encoding: 'utf8' });
        expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('is being written by process')]);
      }
      for (let i = 0; i < 4; i++) {
        if (child.exitCode === null && child.signalCode === null) process.kill(whose, signal);
        await pause(i * 20);
      }
      expect(await ended).toBe(128 + constants.signals[signal]);
      expect(said).toMatch(/^SIG[A-Z]+: saving what was done, then ending\.\n$/);
      const { summary } = JSON.parse(readFileSync(join(out, 'run', 'run.json'), 'utf8'));
      expect(summary).toMatchObject({ status: 'paused' });
      expect(summary.step).toBeGreaterThan(0);
      expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).steps).toBe(summary.step);
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
      rmSync(out, { recursive: true, force: true });
    }
  },
  180_000,
);

test('a signal while nothing must come to an end of its own ends the process; the first one gives the status', async () => {
  const statuses: number[] = [];
  const interrupts = new Interrupts((status) => statuses.push(status));
  const asked: string[] = [];
  await interrupts.around(
    () => asked.push('end'),
    async () => undefined,
  );
  expect(interrupts.status).toBeNull();
  interrupts.hear('SIGHUP');
  interrupts.hear('SIGINT');
  expect([statuses, asked, interrupts.status]).toEqual([[129], [], 129]);
});

/** As a shell has it. Npm dies of the signal that its script was ended by. */
const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
