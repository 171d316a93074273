// The whole training step of `lite`: ours eagerly and compiled, the same step written plainly in TensorFlow.js, and in jax-js.
import type { HostBatch } from '../../../domain/dataset.ts';
import { StudioError } from '../../../domain/errors.ts';
import { RandomStream } from '../../../domain/rng.ts';
import { dispatchCount } from '../../../engine/gpu/dispatchCount.ts';
import * as tf from '../../../engine/tf.ts';
import { prepareStep, runStep } from '../../../engine/training/runStep.ts';
import { createTrainer, readMetrics, type Trainer } from '../../../engine/training/trainer.ts';
import { type DispatchTimes, longestDispatch } from './dispatchTimes.ts';
import { peakBytes } from './gpuMemory.ts';
import { type Contender, type MeasureOptions, measure, type Timing } from './measure.ts';
import { labelValues, uniformValues } from './randomTensor.ts';
import { median } from './statistics.ts';
import { asStock, finishGpu } from './stockBackend.ts';
import type { DilationWay } from './stockLayers.ts';
import { createStockTrainer } from './stockTrainer.ts';

export const STEP_METHODS = ['source-only', 'adversarial'] as const;
export type StepMethod = (typeof STEP_METHODS)[number];

const SIZE = { width: 128, height: 64 };
const BATCH = 4;
const STEPS = 100_000; // far away: the rate hardly falls while it is measured
const CLASSES = 19;
const TEMPERATURE = 0.5;
const LAMBDA_ADV = 0.01;
/** Steps that have to give the same losses, one after the other, before anything is timed. */
const CHECKED_STEPS = 3;
const TOLERANCE = 1e-4;

export interface StepTiming {
  readonly who: string;
  readonly ms: number;
  readonly dispatches: number;
  /** Host time of a step while the GPU has nothing else to do, per dispatch. */
  readonly microsecondsPerDispatch: number;
  readonly queueMs: number;
  readonly peakBytes: number | null;
  readonly longestDispatch: DispatchTimes | null;
  readonly samplesMs: readonly number[];
}

export interface StepResult {
  readonly method: StepMethod;
  readonly shape: string;
  readonly steps: readonly StepTiming[];
  /** Largest relative difference between the losses of ours and of others, over the first steps. */
  readonly differences: Readonly<Record<string, number>>;
}

const classWeights = Float32Array.from({ length: CLASSES }, (_, c) => 0.5 + c / CLASSES);

export function benchBatch(name: string): HostBatch {
  const pixels = BATCH * SIZE.width * SIZE.height;
  return {
    size: SIZE,
    count: BATCH,
    images: Uint8Array.from(uniformValues(3 * pixels, `${name} images`, 0, 256)),
    labels: labelValues(pixels, CLASSES, `${name} labels`),
  };
}

export function benchTrainer(method: StepMethod, eager: boolean): Trainer {
  const params =
    method === 'source-only'
      ? { batchSize: BATCH, weightDecay: 0 }
      : {
          batchSize: BATCH,
          targetBatchSize: BATCH,
          weightDecay: 0,
          lambdaAdv: LAMBDA_ADV,
          lambdaConf: 0,
          temperature: TEMPERATURE,
        };
  const config = {
    networkId: 'lite',
    methodId: method,
    params,
    seed: 1,
    steps: STEPS,
    classWeights,
    size: SIZE,
    eager,
  };
  return createTrainer(config);
}

/** A step with the losses it gave last. */
interface Stepper extends Contender {
  readonly who: string;
  /** In the order segmentation, adversarial, discriminator. */
  losses(): Promise<readonly number[]>;
  peak(): Promise<number | null>;
  dispose(): void;
}

const LOSSES: Readonly<Record<StepMethod, readonly string[]>> = {
  'source-only': ['loss_seg'],
  adversarial: ['loss_seg', 'loss_adv', 'loss_d'],
};

/** Throws `internal.invariant` if the losses of two contenders differ. */
export async function benchStep(method: StepMethod, options: MeasureOptions): Promise<StepResult> {
  const batches = { source: benchBatch('source'), target: benchBatch('target') };
  const ways: readonly DilationWay[] = ['space to batch', 'tap by tap'];
  const steppers: Stepper[] = [
    ourStepper(method, batches, false),
    ourStepper(method, batches, true),
    ...ways.map((way) => stockStepper(method, batches, way)),
  ];
  try {
    const differences = await checkedDifferences(steppers);
    const timings = await measure(steppers, options);
    const steps: StepTiming[] = [];
    for (const [i, stepper] of steppers.entries()) {
      steps.push(await describe(stepper, timings[i] as Timing, options.nowMs));
    }
    return {
      method,
      shape: `batch ${BATCH}${method === 'adversarial' ? ` + ${BATCH}` : ''}, 128x64`,
      steps,
      differences,
    };
  } finally {
    for (const stepper of steppers) stepper.dispose();
  }
}

function ourStepper(
  method: StepMethod,
  batches: { readonly source: HostBatch; readonly target: HostBatch },
  eager: boolean,
): Stepper {
  const trainer = benchTrainer(method, eager);
  let last: readonly number[] = [];
  const settle = async (): Promise<void> => {
    const metrics = await readMetrics(trainer);
    if (metrics === null) return finishGpu();
    last = LOSSES[method].map((name) => metrics[`train/${name}`]?.values.at(-1) ?? Number.NaN);
  };
  return {
    who: eager ? 'ours, eager' : 'ours, compiled',
    run: () => runStep(trainer, batches),
    settle,
    losses: async () => {
      await runStep(trainer, batches);
      await settle();
      return last;
    },
    peak: async () => {
      const needs = await prepareStep(trainer);
      return needs?.totalBytes ?? peakBytes(() => runStep(trainer, batches));
    },
    dispose: () => trainer.dispose(),
  };
}

function stockStepper(
  method: StepMethod,
  { source, target }: { readonly source: HostBatch; readonly target: HostBatch },
  way: DilationWay,
): Stepper {
  const reference = benchTrainer(method, true); // for its weights and its schedule
  const { networks } = reference.running.state;
  const { discriminator } = networks;
  const settings = { classWeights, lambdaAdv: LAMBDA_ADV, temperature: TEMPERATURE, way };
  const trainer = createStockTrainer(reference.network.parameters, discriminator?.parameters ?? null, settings);
  let step = 0;
  let last: tf.Scalar[] = [];
  const run = (): void => {
    const plan = reference.running.plan(step, STEPS, reference.params, new RandomStream(1, 'step', step));
    const rates = { lr: Number(plan.lr), lrDiscriminator: Number(plan.lr_discriminator ?? 0) };
    step += 1;
    tf.dispose(last);
    last = asStock(() => trainer.step(source, method === 'adversarial' ? target : null, rates));
  };
  const losses = async (): Promise<number[]> =>
    Promise.all(last.map(async (loss) => (await loss.data())[0] ?? Number.NaN));
  return {
    who: `TensorFlow.js, ${way}`,
    run,
    settle: async () => {
      await losses();
    },
    losses: async () => {
      run();
      return losses();
    },
    peak: () => peakBytes(run),
    dispose: () => {
      tf.dispose(last);
      trainer.dispose();
      reference.dispose();
    },
  };
}

async function checkedDifferences(steppers: readonly Stepper[]): Promise<Record<string, number>> {
  const differences: Record<string, number> = {};
  for (let step = 0; step < CHECKED_STEPS; step++) {
    let expected: readonly number[] | null = null;
    for (const stepper of steppers) {
      const losses = await stepper.losses();
      expected ??= losses;
      const difference = Math.max(...expected.map((loss, i) => Math.abs((losses[i] ?? Number.NaN) / loss - 1)));
      if (!(difference <= TOLERANCE)) {
        throw new StudioError(
          'internal.invariant',
          `Step ${step}: ${stepper.who} gives losses ${losses.join(', ')}; ours are ${expected.join(', ')}.`,
          'The benchmark compares different computations: correct it, or the step.',
        );
      }
      differences[stepper.who] = Math.max(differences[stepper.who] ?? 0, difference);
    }
  }
  return differences;
}

const QUEUED_ALONE = 15;

async function describe(stepper: Stepper, { ms, samplesMs }: Timing, nowMs: () => number): Promise<StepTiming> {
  const queued: number[] = [];
  let dispatches = 0;
  for (let i = 0; i < QUEUED_ALONE; i++) {
    const before = dispatchCount();
    const start = nowMs();
    await stepper.run();
    queued.push(nowMs() - start);
    dispatches = dispatchCount() - before;
    await stepper.settle();
  }
  const queueMs = median(queued);
  const peak = await stepper.peak();
  await stepper.settle();
  const times = await longestDispatch(() => stepper.run());
  await stepper.settle();
  return {
    who: stepper.who,
    ms,
    dispatches,
    queueMs,
    microsecondsPerDispatch: (1000 * queueMs) / dispatches,
    peakBytes: peak,
    longestDispatch: times,
    samplesMs,
  };
}
