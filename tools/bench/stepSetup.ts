// What the training step of the benchmark works on: `lite`, random pictures, and settings that TensorFlow.js's optimisers know,
// too (its Adam decays no weights).
import type { HostBatch, Size } from '../../src/domain/dataset.ts';
import { createTrainer, type Trainer } from '../../src/engine/training/trainer.ts';
import { labelValues, uniformValues } from '../../src/testing/randomTensor.ts';

/** Training on the source alone, and with a discriminator on source and target. */
export const STEP_METHODS = ['source-only', 'adversarial'] as const;
export type StepMethod = (typeof STEP_METHODS)[number];

/** Images per domain and their size. */
export interface StepScale {
  readonly batch: number;
  readonly size: Size;
}
export const STEP_SCALE: StepScale = { batch: 4, size: { width: 128, height: 64 } };

const CLASSES = 19;
export const STEPS = 100_000; // far away: the rate hardly falls while it is measured
export const TEMPERATURE = 0.5;
export const LAMBDA_ADV = 0.01;
export const CLASS_WEIGHTS = Float32Array.from({ length: CLASSES }, (_, c) => 0.5 + c / CLASSES);

/** The losses that all contenders report, in this order. */
export const LOSSES: Readonly<Record<StepMethod, readonly string[]>> = {
  'source-only': ['loss_seg'],
  adversarial: ['loss_seg', 'loss_adv', 'loss_d'],
};

export interface StepBatches {
  readonly source: HostBatch;
  readonly target: HostBatch;
}

export function stepBatches({ batch, size }: StepScale): StepBatches {
  const pixels = batch * size.width * size.height;
  const of = (name: string): HostBatch => ({
    size,
    count: batch,
    images: Uint8Array.from(uniformValues(3 * pixels, `${name} images`, 0, 256)),
    labels: labelValues(pixels, CLASSES, `${name} labels`),
  });
  return { source: of('source'), target: of('target') };
}

/** Ours. */
export function stepTrainer(method: StepMethod, { batch, size }: StepScale, eager: boolean): Trainer {
  const common = { batchSize: batch, weightDecay: 0 };
  const params =
    method === 'source-only'
      ? common
      : { ...common, targetBatchSize: batch, lambdaAdv: LAMBDA_ADV, lambdaConf: 0, temperature: TEMPERATURE };
  const run = { networkId: 'lite', methodId: method, params, seed: 1, steps: STEPS };
  return createTrainer({ ...run, classWeights: CLASS_WEIGHTS, size, eager });
}
