// The engine against PyTorch in float64: a committed handful of golden cases always, the full set where STUDIO_GOLDEN names it.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as tf from '../../src/engine/tf.ts';
import { runCases } from './golden.ts';

const root = join(import.meta.dirname, '../..');
const full = process.env.STUDIO_GOLDEN;
const MINUTE_MS = 60_000;

async function failuresOf(dir: string, isWanted?: (name: string) => boolean) {
  const failures: string[] = [];
  const print = (line: string): void => {
    if (line.startsWith('FAIL')) failures.push(line);
  };
  const { passed } = await runCases(dir, print, isWanted);
  return { passed, failures };
}

it('agrees with the committed cases', { timeout: 3 * MINUTE_MS }, async () => {
  const { passed, failures } = await failuresOf(join(root, 'src/testing/golden'));
  expect(failures).toEqual([]);
  expect(passed).toBe(38);
});

// Asked for by name alone: what a test run does must not depend on what happens to lie beside the repository.
if (full !== undefined) {
  it('agrees with the full set', { timeout: 10 * MINUTE_MS }, async () => {
    // JavaScript takes minutes for each of the three networks of full width; it runs the same ones at their narrow width.
    const isWebgpu = tf.getBackend() === 'webgpu';
    const { passed, failures } = await failuresOf(full, (name) => isWebgpu || !/^net_.*_w64_full$/.test(name));
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(isWebgpu ? 120 : 117);
  });
}
