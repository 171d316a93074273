// A run that can be kept nowhere is refused before its first step, and one that was only begun stands in nobody's way.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunId } from '../../../domain/run.ts';
import { runSummary } from '../../../testing/runStoreData.ts';
import { Interrupts } from '../interrupts.ts';
import { DirectoryRunStore } from '../storage/directoryRunStore.ts';
import { trainCommand } from './trainCommand.ts';

let out: string;
const printed: string[] = [];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'kept-'));
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line) => printed.push(String(line)));
  return () => vi.restoreAllMocks();
});
afterEach(() => rmSync(out, { recursive: true }));

const trained = (...args: string[]): Promise<number> =>
  trainCommand(
    ['--network', 'toy', '--size', '32x16', '--backend', 'cpu', '--steps', '100000', '--out', out, ...args],
    new Interrupts(() => undefined),
  );

test('a place that takes no run is told before the first step', async () => {
  writeFileSync(join(out, 'run'), '');
  await expect(trained()).rejects.toMatchObject({ code: 'storage.unavailable' });
  expect(printed.join('\n')).not.toContain('steps/s');
  expect(readdirSync(out)).toEqual(['run']);
});

test('a run of which nothing but its beginning is kept gives way to another; one with a checkpoint does not', async () => {
  await new DirectoryRunStore(out).saveSummary({ ...runSummary(0), runId: 'run' as RunId });
  // Somebody else's, which is none of this run's business.
  mkdirSync(join(out, 'stray'));
  writeFileSync(join(out, 'stray', 'run.json'), '{}');
  expect(await trained('--seed', '1', '--minutes', '0.01')).toBe(0);
  expect(printed).toContain('What is stored of run stray does not describe a run. It is passed over.');
  expect(readdirSync(out).toSorted()).toEqual(['metrics.csv', 'report.json', 'run', 'stray', 'weights.safetensors']);
  expect(JSON.parse(readFileSync(join(out, 'run', 'run.json'), 'utf8')).summary.config.seed).toBe(1);
  printed.length = 0;
  await expect(trained('--seed', '2')).rejects.toMatchObject({ code: 'config.invalid' });
  // Before folders are read: there is nothing in these to import.
  for (const side of ['source', 'target']) mkdirSync(join(out, side));
  const folders = ['--source', join(out, 'source'), '--target', join(out, 'target')];
  await expect(trained('--seed', '1', ...folders)).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining('--out'),
  });
  expect(printed).toEqual([]);
});
