// Measures the training step in a worker, where the studio trains: the same contenders as `npm run bench -- --only step`.
// Built by `benchBrowser.mjs` only; no part of the studio.
import { openBackend } from '../../../src/engine/backend/openBackend.ts';
import { runStep } from '../../../src/engine/training/runStep.ts';
import { readMetrics } from '../../../src/engine/training/trainer.ts';
import { benchStep } from '../stepBench.ts';
import { STEP_METHODS, STEP_SCALE, stepBatches, stepTrainer } from '../stepSetup.ts';
import { stepHeader, stepRows } from '../table.ts';

export interface BenchTask {
  readonly rounds: number;
  readonly onlyFirstStep: boolean;
  /** When the page was opened, by the wall clock. */
  readonly openedAtMs: number;
}
export type BenchAnswer = { readonly line: string } | { readonly state: 'done' };

const SAMPLE_MS = 5;

async function bench({ rounds, onlyFirstStep, openedAtMs }: BenchTask): Promise<void> {
  const device = await openBackend({ preference: 'webgpu', gpu: navigator.gpu });
  if (onlyFirstStep) {
    const trainer = stepTrainer('adversarial', STEP_SCALE, false);
    await runStep(trainer, stepBatches(STEP_SCALE));
    await readMetrics(trainer);
    say(`First step, from the opening of the page: ${((Date.now() - openedAtMs) / 1000).toFixed(2)} s`);
    return;
  }
  say(`Device: ${device.adapter}${device.software ? ' (software)' : ''}`);
  say(stepHeader());
  const options = { rounds, sampleMs: SAMPLE_MS, nowMs: () => performance.now(), withJax: false };
  for (const method of STEP_METHODS) for (const row of stepRows(await benchStep(method, options))) say(row);
}

const say = (line: string): void => self.postMessage({ line } satisfies BenchAnswer);

self.addEventListener('message', ({ data }: MessageEvent<BenchTask>) => {
  bench(data)
    .catch((error: unknown) => say(`Failed: ${error instanceof Error ? error.stack : error}`))
    .finally(() => self.postMessage({ state: 'done' } satisfies BenchAnswer));
});
