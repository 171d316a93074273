// One optimiser update: plan on the host, upload, the method's step on the GPU, losses into the log. Waits for nothing.
import type { Size } from '../../domain/dataset.ts';
import { invariant } from '../../domain/errors.ts';
import { RandomStream } from '../../domain/rng.ts';
import { dispatchCount } from '../gpu/dispatchCount.ts';
import { type Batches, STREAM_NAMES, type Streams } from '../methods/method.ts';
import { type Plan, planTensors } from '../methods/plan.ts';
import * as tf from '../tf.ts';
import type { HostBatches, Trainer } from './trainer.ts';
import { uploadBatch } from './upload.ts';

/** Queues one update on the GPU and returns without waiting for it. */
export function runStep(trainer: Trainer, host: HostBatches): void {
  const { config, running, method, params, streams, step } = trainer;
  const dispatchesBefore = dispatchCount();
  const plan = running.plan(step, config.steps, params, new RandomStream(config.seed, 'step', step));
  const losses = tf.tidy(() => {
    const returned = running.step(upload(host, streams, config.size), planTensors(plan));
    return tf.stack(orderedLosses(returned, method.info.losses)) as tf.Tensor1D;
  });
  trainer.step = step + 1;
  trainer.stepDispatches = dispatchCount() - dispatchesBefore;
  trainer.log.add(trainer.step, losses, chartedNumbers(plan, method.charted));
}

function upload(host: HostBatches, streams: Streams, { width, height }: Size): Batches {
  const entries = STREAM_NAMES.flatMap((name) => {
    const count = streams[name];
    if (count === undefined) return [];
    const batch = host[name];
    invariant(batch, () => `The step needs images from "${name}" and got none.`);
    invariant(
      batch.count === count && batch.size.width === width && batch.size.height === height,
      () =>
        `"${name}" brought ${batch.count} images of ${batch.size.width} x ${batch.size.height}; ` +
        `expected ${count} of ${width} x ${height}.`,
    );
    // Labels of the unlabelled stream never reach the GPU, whatever the host sends.
    return [[name, uploadBatch(batch, name !== 'target')] as const];
  });
  return Object.fromEntries(entries);
}

function orderedLosses(returned: Readonly<Record<string, tf.Scalar>>, declared: readonly string[]): tf.Scalar[] {
  const names = Object.keys(returned);
  invariant(
    names.length === declared.length && declared.every((name) => name in returned),
    () => `The method declares the losses ${declared.join(', ')} and returned ${names.join(', ')}.`,
  );
  return declared.flatMap((name) => returned[name] ?? []);
}

function chartedNumbers(plan: Plan, charted: readonly string[]): number[] {
  return charted.map((name) => {
    const value = plan[name];
    invariant(typeof value === 'number', () => `"${name}" is charted but not a number of the plan.`);
    return value;
  });
}
