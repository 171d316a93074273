// The whole training step of `lite`: ours compiled and eagerly, the same step written plainly in TensorFlow.js, and in jax-js.
import { StudioError } from '../../src/domain/errors.ts';
import { dispatchCount } from '../../src/engine/gpu/dispatchCount.ts';
import { type DispatchTimes, timeDispatches } from '../../src/engine/gpu/dispatchTimes.ts';
import { measure, type Timing } from './measure.ts';
import type { RunOptions } from './runCase.ts';
import { median } from './statistics.ts';
import { jaxStepper, ourStepper, type Stepper, stockStepper } from './steppers.ts';
import { STEP_SCALE, type StepMethod, type StepScale } from './stepSetup.ts';

export interface StepTiming {
  readonly who: string;
  readonly ms: number;
  /** The first step, compilation and all. */
  readonly firstMs: number;
  readonly dispatches: number;
  /** Host time of a step while the GPU has nothing else to do: plan, upload, encoding. */
  readonly queueMs: number;
  readonly microsecondsPerDispatch: number;
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

/** Throws `internal.invariant` if the losses of two contenders differ. */
export async function benchStep(
  method: StepMethod,
  options: RunOptions,
  scale: StepScale = STEP_SCALE,
): Promise<StepResult> {
  const steppers: Stepper[] = [
    ourStepper(method, scale, false),
    ourStepper(method, scale, true),
    stockStepper(method, scale, 'space to batch'),
    stockStepper(method, scale, 'tap by tap'),
    ...(options.withJax ? [await jaxStepper(method, scale)] : []),
  ];
  try {
    const { differences, firstMs } = await checkSteps(steppers, options.nowMs);
    const timings = await measure(steppers, options);
    const steps: StepTiming[] = [];
    for (const [i, stepper] of steppers.entries()) {
      steps.push({
        firstMs: firstMs[i] ?? Number.NaN,
        ...(await describe(stepper, timings[i] as Timing, options.nowMs)),
      });
    }
    const { batch, size } = scale;
    const images = method === 'adversarial' ? `${batch} + ${batch}` : `${batch}`;
    return { method, shape: `${images} of ${size.width}x${size.height}`, steps, differences };
  } finally {
    for (const stepper of steppers) stepper.dispose();
  }
}

/** Steps that have to give the same losses, one after the other, before anything is timed. */
const CHECKED_STEPS = 3;
const TOLERANCE = 1e-4;

/** Throws `internal.invariant` if losses differ from those of the first. */
export async function checkSteps(
  steppers: readonly Stepper[],
  nowMs: () => number,
): Promise<{ readonly differences: Readonly<Record<string, number>>; readonly firstMs: readonly number[] }> {
  const differences: Record<string, number> = {};
  const firstMs: number[] = [];
  for (let step = 0; step < CHECKED_STEPS; step++) {
    let expected: readonly number[] | null = null;
    for (const stepper of steppers) {
      const start = nowMs();
      await stepper.run();
      await stepper.settle();
      if (step === 0) firstMs.push(nowMs() - start);
      const losses = stepper.losses();
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
  return { differences, firstMs };
}

/** So often a step is queued alone, but no longer than this once there are a few. */
const QUEUED_ALONE = { most: 15, least: 3, ms: 4000 } as const;

async function describe(
  stepper: Stepper,
  { ms, samplesMs }: Timing,
  nowMs: () => number,
): Promise<Omit<StepTiming, 'firstMs'>> {
  const queued: number[] = [];
  let dispatches = 0;
  const began = nowMs();
  while (
    queued.length < QUEUED_ALONE.least ||
    (queued.length < QUEUED_ALONE.most && nowMs() - began < QUEUED_ALONE.ms)
  ) {
    const before = dispatchCount();
    const start = nowMs();
    await stepper.run();
    queued.push(nowMs() - start);
    const encoded = dispatchCount() - before;
    await stepper.settle();
    // jax-js may encode only when it is waited for; ours adds a read-back of the losses then, which is no part of the step.
    dispatches = encoded > 0 ? encoded : dispatchCount() - before;
  }
  const queueMs = median(queued);
  const peak = await stepper.peak();
  await stepper.settle();
  const times = stepper.timesDispatches ? await timeDispatches(() => stepper.run()) : null;
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
