// That CycleGAN learns: on WebGPU alone, where forty steps take seconds.
import { expect, it } from 'vitest';
import type { HostBatch } from '../../../domain/dataset.ts';
import { runStep } from '../../training/runStep.ts';
import { speck } from '../../training/testing/speck.ts';
import { TINY, twoColours } from '../../training/testing/twoColours.ts';
import { createTrainer, readMetrics } from '../../training/trainer.ts';
import { translatePictures } from '../../training/translate.ts';

/** The source's pictures in other colours. */
const redder = (batch: HostBatch): HostBatch => ({
  ...batch,
  images: batch.images.map((value, i) => (i % 3 === 0 ? Math.min(255, value + 50) : value)),
});

it('learns the other colours: what it makes of the source comes nearer to the target', async () => {
  const params = { learningRate: 1e-2, discriminatorRate: 2e-3, lambdaCycle: 0.5, batchSize: 2 };
  const classWeights = new Float32Array(19).fill(1);
  const config = { networkId: 'speck', methodId: 'cyclegan', params, seed: 3, steps: 100, classWeights, size: TINY };
  const trainer = createTrainer(config, speck);
  const { product } = trainer;
  if (product.kind !== 'translator') throw new Error('CycleGAN makes a translator.');
  const source = twoColours(5, 0, 4);
  const redness = (bytes: Uint8Array): number =>
    bytes.reduce((sum, value, i) => sum + value * ([1, -0.5, -0.5][i % 3] ?? 0), 0) / (bytes.length / 3);
  const made = async (): Promise<number> => redness(await translatePictures(product.translate, source, [0, 1, 2, 3]));
  const before = await made();
  while (trainer.step < 40) {
    const target = redder(twoColours(2, trainer.step, 2));
    await runStep(trainer, { source: twoColours(1, trainer.step, 2), target });
  }
  await readMetrics(trainer);
  expect(Math.abs(before)).toBeLessThan(5);
  // Of the 50 that lie between the domains.
  expect(await made()).toBeGreaterThan(before + 15);
  trainer.dispose();
});
