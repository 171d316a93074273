// The engine against PyTorch in float64: a committed handful of golden cases always, the full set where it is at hand.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCases } from '../../hosts/node/golden.ts';

const root = join(import.meta.dirname, '../../..');
const full = process.env.STUDIO_GOLDEN ?? join(root, '../shared/golden');
const isFullThere = existsSync(join(full, 'manifest.json'));
const MINUTE_MS = 60_000;

async function failuresOf(dir: string) {
  const failures: string[] = [];
  const { passed } = await runCases(dir, (line) => {
    if (line.startsWith('FAIL')) failures.push(line);
  });
  return { passed, failures };
}

it('agrees with the committed cases', { timeout: MINUTE_MS }, async () => {
  const { passed, failures } = await failuresOf(join(root, 'src/testing/golden'));
  expect(failures).toEqual([]);
  expect(passed).toBe(36);
});

// Where the full set is missing this is said aloud below, not skipped in silence.
if (isFullThere) {
  it('agrees with the full set', { timeout: 10 * MINUTE_MS }, async () => {
    const { passed, failures } = await failuresOf(full);
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(111);
  });
} else {
  process.stdout.write(
    `GOLDEN VECTORS: no full set at ${full} (STUDIO_GOLDEN names one); only the committed cases were run.\n`,
  );
}
