// One optimiser update: plan on the host, inputs to the GPU, the method's step, losses into the log. Compiled on WebGPU, eager
// elsewhere or when asked for; both give the same bits. Waits for nothing but the compilation of a new step.
import { invariant } from '../../domain/errors.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { ProgramNeeds } from '../compile/layout.ts';
import { dispatchCount } from '../gpu/dispatchCount.ts';
import { timeDispatches } from '../gpu/dispatchTimes.ts';
import type { Plan } from '../methods/core/plan.ts';
import * as tf from '../tf.ts';
import { type HostBatches, type HostInputs, hostInputs, uploadInputs } from './stepInputs.ts';
import type { Trainer } from './trainer.ts';

/** Queues one update on the GPU. Throws `gpu.limit-exceeded` if the step cannot fit; then nothing has changed. */
export async function runStep(trainer: Trainer, host: HostBatches): Promise<void> {
  const { config, method, streams, step } = trainer;
  const plan = planOf(trainer);
  const inputs = hostInputs(host, streams, config.size, plan);
  const compiled = trainer.timesNextStep ? null : trainer.compiled;
  await compiled?.prepare(inputs);
  const dispatchesBefore = dispatchCount();
  const losses = compiled === null ? await runEagerly(trainer, inputs) : await compiled.run(inputs);
  trainer.step = step + 1;
  trainer.stepDispatches = dispatchCount() - dispatchesBefore;
  trainer.log.add(trainer.step, losses, plannedNumbers(plan, method.reports.plan));
}

async function runEagerly(trainer: Trainer, inputs: HostInputs): Promise<tf.Tensor1D> {
  const run = (): tf.Tensor1D => tf.tidy(() => trainer.program(uploadInputs(inputs)));
  if (!trainer.timesNextStep) return run();
  trainer.timesNextStep = false;
  const losses: tf.Tensor1D[] = [];
  trainer.dispatchTimes = await timeDispatches(() => void losses.push(run()));
  return losses[0] ?? run();
}

/**
 * Compiles the next step ahead of its images, so that what it needs is known before the first has run. Null without
 * compilation. Throws `gpu.limit-exceeded`.
 */
export async function prepareStep(trainer: Trainer): Promise<ProgramNeeds | null> {
  const { compiled, config, streams } = trainer;
  if (compiled === null) return null;
  const { width, height } = config.size;
  const blank = Object.fromEntries(
    Object.entries(streams).map(([name, count]) => {
      const pixels = count * width * height;
      const batch = { size: config.size, count, images: new Uint8Array(3 * pixels), labels: new Uint8Array(pixels) };
      return [name, batch];
    }),
  );
  const { program } = await compiled.prepare(hostInputs(blank, streams, config.size, planOf(trainer)));
  return program.needs;
}

/** What the next step will be given beside its images. */
export function planOf({ running, step, config, params }: Trainer): Plan {
  return running.plan(step, config.steps, params, new RandomStream(config.seed, 'step', step));
}

function plannedNumbers(plan: Plan, names: readonly string[]): number[] {
  return names.map((name) => {
    const value = plan[name];
    invariant(typeof value === 'number', () => `"${name}" is reported but not a number of the plan.`);
    return value;
  });
}
