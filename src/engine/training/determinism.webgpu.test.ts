// The same seed, the same bytes: two whole runs on WebGPU, compiled, with every augmentation on.
import { describe, expect, it } from 'vitest';
import { atLength } from '../../testing/slow.ts';
import { packCheckpoint } from './checkpoint.ts';
import { runStep } from './runStep.ts';
import { twoColourBatches } from './testing/twoColours.ts';
import { createTrainer, readMetrics } from './trainer.ts';

const STEPS = atLength(50, 10);
const SIZE = { width: 32, height: 16 };

async function run(methodId: string): Promise<{ losses: unknown; file: string }> {
  const classWeights = new Float32Array(19).fill(1);
  const config = { networkId: 'lite', methodId, params: {}, seed: 1, steps: STEPS, classWeights, size: SIZE };
  const trainer = createTrainer(config);
  try {
    while (trainer.step < STEPS) await runStep(trainer, twoColourBatches(trainer.streams, 1, trainer.step, SIZE));
    return { losses: await readMetrics(trainer), file: Buffer.from(await packCheckpoint(trainer)).toString('base64') };
  } finally {
    trainer.dispose();
  }
}

describe(`${STEPS} steps`, { timeout: 240_000 }, () => {
  it.each(['source-only', 'adversarial', 'cutmix', 'student', 'cyclegan'])(
    'of %s give the same bytes twice: weights, optimisers, losses',
    async (methodId) => {
      const first = await run(methodId);
      expect(await run(methodId)).toEqual(first);
    },
  );
});
