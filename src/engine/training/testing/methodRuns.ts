// Tiny runs of a registered method, for the tests that hold over all of them.
import type { MetricFrame } from '../../../domain/metrics.ts';
import type { ParamValues } from '../../../domain/params.ts';
import type { Method } from '../../methods/core/defineMethod.ts';
import { runStep } from '../runStep.ts';
import { createTrainer, readMetrics, type Trainer } from '../trainer.ts';
import { speck } from './speck.ts';
import { TINY, twoColourBatches } from './twoColours.ts';

export const STEPS = 80;
const open: Trainer[] = [];

/** On two colours, 16 x 8, with the smallest network. {@link closeAll} disposes of it. */
export function trainerOf(methodId: string, params: ParamValues, seed = 3, eager = false, classes = 19): Trainer {
  const classWeights = new Float32Array(classes).fill(1);
  const config = { networkId: 'speck', methodId, params, seed, steps: STEPS, classWeights, size: TINY, eager };
  const trainer = createTrainer(config, speck);
  open.push(trainer);
  return trainer;
}

export function closeAll(): void {
  for (const trainer of open.splice(0)) trainer.dispose();
}

export async function run(trainer: Trainer, until: number): Promise<void> {
  while (trainer.step < until) await runStep(trainer, twoColourBatches(trainer.streams, 1, trainer.step));
}

export async function metricsOf(trainer: Trainer): Promise<MetricFrame> {
  const frame = await readMetrics(trainer);
  if (frame === null) throw new Error('Nothing was measured.');
  return frame;
}

/** The smallest batch of a method's own kind; every stochastic part on. */
export function smallest({ info }: Method): ParamValues {
  const wanted = { batchSize: 1, targetBatchSize: 1, cutMixBatch: 1, anchorImages: 1, views: 2, jitter: 1, crop: 8 };
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => key in info.params));
}
