// What a run says and writes of itself: its status, its measurements (sent at most ten times a second), its evaluations, and
// every twenty seconds all that must survive.
import { type StudioError, serialiseError } from '../../domain/errors.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import { stepsOf } from '../../domain/recipe.ts';
import type { Evaluation, ParamChange, RunStatus, RunSummary } from '../../domain/run.ts';
import { readMetrics } from '../../engine/training/trainer.ts';
import type { StageRunner } from '../recipes/stageRunner.ts';
import type { RunParts } from './runParts.ts';
import { RunRecord } from './runRecord.ts';
import { StepPace } from './stepPace.ts';
import { systemMetrics } from './systemMetrics.ts';

/** A reload may cost this much training, and no more. */
const SAVE_EVERY_MS = 20_000;
/** Metric events are coalesced to this interval. */
const SEND_EVERY_MS = 100;

export class RunReport {
  readonly pace: StepPace;
  private readonly parts: RunParts;
  private readonly runner: StageRunner;
  private readonly record: RunRecord;
  private savedAtMs: number;
  private sentAtMs = 0;
  status: RunStatus = 'paused';

  constructor(parts: RunParts, runner: StageRunner) {
    const { nowMs, wallClockMs } = parts.clock;
    this.parts = parts;
    this.runner = runner;
    this.record = new RunRecord({ ...parts.summary, device: parts.device }, parts.store, wallClockMs);
    this.savedAtMs = nowMs();
    this.pace = new StepPace(nowMs);
  }

  get summary(): RunSummary {
    return this.record.summary;
  }

  get isOver(): boolean {
    return this.status === 'finished' || this.status === 'failed';
  }

  /** Tells where the run stands, in a status that may be new. */
  enter(status: RunStatus, error: StudioError | null = null): void {
    this.status = status;
    const step = this.runner.updates;
    const steps = stepsOf(this.summary.config.recipe);
    const { stepsPerSecond } = this.pace;
    this.parts.observer.state({
      runId: this.summary.runId,
      status,
      step,
      steps,
      stage: this.runner.state,
      stepsPerSecond: status === 'running' ? stepsPerSecond : null,
      leftMs: status === 'running' && stepsPerSecond !== null ? ((steps - step) / stepsPerSecond) * 1000 : null,
      error: error === null ? null : serialiseError(error),
    });
  }

  /** What the stage under way read back, and what that cost. */
  measure(metrics: MetricFrame): void {
    const step = this.runner.updates;
    this.record.metrics.append(later(metrics, this.runner.firstStep));
    const stepMs = this.pace.measure(step);
    const { tensors, gpuBytes } = this.parts.memory();
    const { trainer } = this.runner.current;
    const dispatches = trainer?.stepDispatches ?? 0;
    const stepBytes = trainer?.compiled?.needs?.totalBytes ?? null;
    this.record.metrics.record(step, systemMetrics({ stepMs, dispatches, tensors, gpuBytes, stepBytes }));
    if (this.parts.clock.nowMs() - this.sentAtMs >= SEND_EVERY_MS) this.send();
  }

  send(): void {
    this.sentAtMs = this.parts.clock.nowMs();
    const frame = this.record.metrics.takeUnsent();
    if (Object.keys(frame).length > 0) this.parts.observer.metrics(frame, this.summary.runId);
    this.enter(this.status);
  }

  evaluated(evaluation: Evaluation): void {
    this.record.evaluated(evaluation);
    this.send();
    this.parts.observer.evaluation(evaluation, this.summary.runId);
    // An evaluation is not training: it must not slow the reported pace.
    this.pace.restart(this.runner.updates);
  }

  /** Puts changed parameters on record. */
  changed(added: readonly ParamChange[]): void {
    this.record.changed(added);
  }

  /** Tells of them. Saved at once: if the run is killed before its next save, a change is replayed at its step. */
  async tellChanged(added: readonly ParamChange[]): Promise<void> {
    for (const change of added) this.parts.observer.changed(change, this.summary.runId);
    this.tell(await this.record.saveSummary({}));
  }

  /** Settles into a status that does not train: reads what is pending, sends, saves. */
  async settle(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    const { trainer } = this.runner.current;
    const pending = trainer === null ? null : await readMetrics(trainer);
    if (pending !== null) this.record.metrics.append(later(pending, this.runner.firstStep));
    this.status = status;
    this.send();
    await this.save();
  }

  /** The last good checkpoint stays as it is: only the status is written. */
  async failed(error: StudioError): Promise<void> {
    this.status = 'failed';
    this.send();
    this.enter('failed', error);
    await this.record.saveSummary({ status: 'failed' }).catch(() => undefined);
    this.parts.observer.saved(this.summary);
  }

  async saveIfDue(): Promise<void> {
    if (this.parts.clock.nowMs() - this.savedAtMs > SAVE_EVERY_MS) await this.save();
  }

  async save(progress = this.runner.progress): Promise<void> {
    const { runner, status, record } = this;
    const problem = await record.save({ status, step: runner.updates, progress }, runner.current.checkpoint());
    this.savedAtMs = this.parts.clock.nowMs();
    // A full disk must not end training: the last good save stays, and the next one will try again.
    this.tell(problem);
    if (problem === null) this.parts.observer.saved(this.summary);
  }

  tell(problem: StudioError | null): void {
    if (problem !== null) this.parts.observer.problem(problem);
  }
}

/** The frame of a stage that began after `firstStep` updates of the run. */
function later(frame: MetricFrame, firstStep: number): MetricFrame {
  if (firstStep === 0) return frame;
  return Object.fromEntries(
    Object.entries(frame).map(([key, { steps, values }]) => [key, { steps: steps.map((s) => s + firstStep), values }]),
  );
}
