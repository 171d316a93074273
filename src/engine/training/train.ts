// The training loop as an async generator: pause is not pulling, a single step is one `next()`, stop is `return()`,
// headless is `for await`. It waits for the GPU only to read losses and evaluations.
import type { HostBatch } from '../../domain/dataset.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import type { Evaluation } from '../../domain/run.ts';
import { evaluate } from './evaluate.ts';
import { isEvaluationStep } from './evaluationSchedule.ts';
import { Pacer } from './pacer.ts';
import { runStep } from './runStep.ts';
import type { HostBatches } from './stepInputs.ts';
import { readMetrics, type Trainer } from './trainer.ts';

export type TrainEvent =
  /** An update was queued. `metrics`: per-step values since the last event that had any, or null. */
  | { readonly kind: 'step'; readonly step: number; readonly metrics: MetricFrame | null }
  | { readonly kind: 'evaluated'; readonly step: number; readonly evaluation: Evaluation; readonly isFinal: boolean }
  | { readonly kind: 'finished'; readonly step: number };

export interface TrainOptions {
  /** The host's clock, in milliseconds; it paces read-backs and decides no number. */
  readonly nowMs: () => number;
  /** About how long losses may stay on the GPU. */
  readonly readEveryMs?: number;
  /** At most this many steps between two read-backs. */
  readonly readEverySteps?: number;
  readonly evaluation?: {
    /** In steps; also early in the first interval and after the last step (`isEvaluationStep`). */
    readonly every: number;
    /** Labelled validation batches; `isFinal` for the evaluation after the last step. */
    batches(isFinal: boolean): AsyncIterable<HostBatch>;
  };
}

/**
 * Trains from `trainer.step` to the end of its run. `nextBatches` is called inside `next()` only: at a yield no batch is
 * under way. Throws `train.diverged`, and whatever `nextBatches` throws.
 */
export async function* train(
  trainer: Trainer,
  nextBatches: () => Promise<HostBatches>,
  options: TrainOptions,
): AsyncGenerator<TrainEvent, void, void> {
  const { nowMs, readEveryMs = 250, readEverySteps = 50, evaluation } = options;
  const { steps } = trainer.config;
  const pacer = new Pacer({ nowMs, readEveryMs, readEverySteps });
  while (trainer.step < steps) {
    await runStep(trainer, await nextBatches());
    const { step } = trainer;
    const isFinal = step === steps;
    const isEvaluated = evaluation !== undefined && isEvaluationStep(step, steps, evaluation.every);
    let metrics: MetricFrame | null = null;
    if (pacer.queued() || isEvaluated || isFinal) {
      metrics = await readMetrics(trainer);
      pacer.waited();
    }
    yield { kind: 'step', step, metrics };
    if (isEvaluated) {
      yield {
        kind: 'evaluated',
        step,
        evaluation: await evaluate(trainer.predict, evaluation.batches(isFinal), step),
        isFinal,
      };
    }
  }
  yield { kind: 'finished', step: trainer.step };
}
