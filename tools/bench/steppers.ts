// The contenders of the training step: each makes one update when it runs and has read its losses when it settles.
import { RandomStream } from '../../src/domain/rng.ts';
import * as tf from '../../src/engine/tf.ts';
import { prepareStep, runStep } from '../../src/engine/training/runStep.ts';
import { readMetrics } from '../../src/engine/training/trainer.ts';
import { peakBytes } from './gpuMemory.ts';
import { createJaxTrainer } from './jaxTrainer.ts';
import type { Contender } from './measure.ts';
import {
  CLASS_WEIGHTS,
  LAMBDA_ADV,
  LOSSES,
  STEPS,
  type StepMethod,
  type StepScale,
  stepBatches,
  stepTrainer,
  TEMPERATURE,
} from './stepSetup.ts';
import { asStock } from './stockBackend.ts';
import type { DilationWay } from './stockLayers.ts';
import { createStockTrainer, type StockRates } from './stockTrainer.ts';

export interface Stepper extends Contender {
  readonly who: string;
  /** Of the last step that has settled, in the order of LOSSES. */
  losses(): readonly number[];
  /** Bytes on the GPU that a step takes at most; null where nobody can tell. */
  peak(): Promise<number | null>;
  /** Whether its dispatches can be timed one by one: on TensorFlow.js's device, encoded as they come. */
  readonly timesDispatches: boolean;
  dispose(): void;
}

export function ourStepper(method: StepMethod, scale: StepScale, eager: boolean): Stepper {
  const trainer = stepTrainer(method, scale, eager);
  const batches = stepBatches(scale);
  let last: readonly number[] = [];
  return {
    who: eager ? 'ours, eager' : 'ours, compiled',
    run: () => runStep(trainer, batches),
    settle: async () => {
      const metrics = await readMetrics(trainer);
      if (metrics !== null) last = LOSSES[method].map((name) => metrics[`train/${name}`]?.values.at(-1) ?? Number.NaN);
    },
    losses: () => last,
    peak: async () => (await prepareStep(trainer))?.totalBytes ?? peakBytes(() => runStep(trainer, batches)),
    timesDispatches: eager,
    dispose: () => trainer.dispose(),
  };
}

export function stockStepper(method: StepMethod, scale: StepScale, way: DilationWay): Stepper {
  const { start, rates, target, source } = beginningOf(method, scale);
  const trainer = createStockTrainer(start.segmenter, start.discriminator, {
    ...{ classWeights: CLASS_WEIGHTS, lambdaAdv: LAMBDA_ADV, temperature: TEMPERATURE, way },
  });
  start.dispose();
  let last: tf.Scalar[] = [];
  let read: readonly number[] = [];
  const run = (): void => {
    tf.dispose(last);
    last = asStock(() => trainer.step(source, target, rates()));
  };
  return {
    who: `TensorFlow.js, ${way}`,
    run,
    settle: async () => {
      read = await Promise.all(last.map(async (loss) => (await loss.data())[0] ?? Number.NaN));
    },
    losses: () => read,
    peak: () => peakBytes(run),
    timesDispatches: true,
    dispose: () => {
      tf.dispose(last);
      trainer.dispose();
    },
  };
}

export async function jaxStepper(method: StepMethod, scale: StepScale): Promise<Stepper> {
  const { start, rates, target, source } = beginningOf(method, scale);
  const trainer = await createJaxTrainer(start.segmenter, start.discriminator, {
    ...{ classWeights: CLASS_WEIGHTS, lambdaAdv: LAMBDA_ADV, temperature: TEMPERATURE },
  });
  start.dispose();
  let read: readonly number[] = [];
  return {
    who: 'jax-js, compiled',
    run: () => trainer.step(source, target, rates()),
    settle: async () => {
      await trainer.settle();
      read = await trainer.losses();
    },
    losses: () => read,
    peak: async () => null,
    timesDispatches: false,
    dispose: () => trainer.dispose(),
  };
}

/** Where a contender starts: our weights to copy, our rates to follow. */
function beginningOf(method: StepMethod, scale: StepScale) {
  const trainer = stepTrainer(method, scale, true);
  const { running, params, network } = trainer;
  const batches = stepBatches(scale);
  let step = 0;
  return {
    start: {
      segmenter: network.parameters,
      discriminator: running.state.networks.discriminator?.parameters ?? null,
      dispose: () => trainer.dispose(),
    },
    rates: (): StockRates => {
      const plan = running.plan(step, STEPS, params, new RandomStream(1, 'step', step));
      step += 1;
      return { lr: Number(plan.lr), lrDiscriminator: Number(plan.lr_discriminator ?? 0) };
    },
    source: batches.source,
    target: method === 'adversarial' ? batches.target : null,
  };
}
