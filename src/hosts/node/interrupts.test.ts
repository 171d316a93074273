// A run that is asked to end while it trains, as a real process: nothing is lost, whoever else hears the signal first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { freshHeadless } from '../../../tools/build/buildHeadless.mjs';
import {
  ENDING_SIGNALS,
  type Interruption,
  interrupted,
  trainingOrder,
  WAYS,
} from '../../../tools/faults/interruption.ts';
import { signalFaults } from '../../../tools/faults/signalFaults.ts';
import { atLength } from '../../testing/slow.ts';
import { Interrupts } from './interrupts.ts';

let entry: string;
beforeAll(async () => {
  entry = await freshHeadless();
}, 120_000);

type Case = readonly [Interruption['way'], (typeof ENDING_SIGNALS)[number], Interruption['whom']];
const ALL = WAYS.flatMap((way) => ENDING_SIGNALS.map((signal): Case => [way, signal, 'group']));
const CASES: readonly Case[] = atLength(
  [...ALL, ['npm', 'SIGTERM', 'one'], ['npm', 'SIGINT', 'one'], ['wrapper', 'SIGHUP', 'one']],
  [
    ['npm', 'SIGINT', 'group'],
    ['wrapper', 'SIGHUP', 'one'],
  ],
);

test.each(CASES)(
  '%s and %s to its %s',
  async (way, signal, whom) => {
    const out = mkdtempSync(join(tmpdir(), 'interrupted-'));
    try {
      const run = { out, steps: 1_000_000 };
      const { status, said, kept } = await interrupted(entry, run, { way, signal, whom, afterMs: 500 }, () => {
        if (atLength(false, true)) return;
        const second = spawnSync(process.execPath, [entry, ...trainingOrder(out, 5)], { encoding: 'utf8' });
        expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('is being written by process')]);
      });
      expect(said).toMatch(/^SIG[A-Z]+: saving what was done, then ending\.\n$/);
      expect(status).toBe(128 + constants.signals[signal]);
      expect(kept).toEqual({ status: 'paused', step: expect.any(Number) });
      expect(kept?.step).toBeGreaterThan(0);
      expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')).steps).toBe(kept?.step);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
  180_000,
);

test.each(atLength([[1, 40]], []))(
  'seed %i: %i signals one after another lose nothing',
  async (seed, tries) => {
    for await (const { what, isLost, isTold, found } of signalFaults(seed, tries, entry)) {
      expect({ what, isLost, isTold, found }).toMatchObject({ isLost: false, isTold: true });
    }
  },
  3_600_000,
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
