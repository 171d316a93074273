// One run: batches in, steps, evaluations, pictures, checkpoints. Pausing is not pulling the training generator;
// everything that must survive lies in the checkpoint, so a run that is opened again continues exactly where it was.
import type { BatchStream } from '../data/batcher.ts';
import type { HostBatch } from '../domain/dataset.ts';
import { StudioError, serialiseError } from '../domain/errors.ts';
import { type MetricFrame, scoresOf } from '../domain/metrics.ts';
import type {
  DeviceInfo,
  Evaluation,
  PinnedImage,
  PredictionFrame,
  RunState,
  RunStatus,
  RunSummary,
} from '../domain/run.ts';
import type { StreamName } from '../engine/methods/method.ts';
import { packCheckpoint } from '../engine/training/checkpoint.ts';
import { evaluate } from '../engine/training/evaluate.ts';
import { isEvaluationStep } from '../engine/training/evaluationSchedule.ts';
import { predictPictures } from '../engine/training/predict.ts';
import { type TrainEvent, train } from '../engine/training/train.ts';
import { type HostBatches, readMetrics, type Trainer } from '../engine/training/trainer.ts';
import { exportWeights } from '../engine/training/weights.ts';
import { MetricsRecorder } from './metricsRecorder.ts';
import { PictureRequests } from './pictureRequests.ts';
import type { RunStore } from './ports.ts';
import { StepPace } from './stepPace.ts';
import type { Validation } from './validation.ts';

/** A reload may cost this much training, and no more. */
const SAVE_EVERY_MS = 20_000;
/** Metric events are coalesced to this interval. */
const SEND_EVERY_MS = 100;

export interface RunObserver {
  state(state: RunState): void;
  metrics(frame: MetricFrame): void;
  evaluation(evaluation: Evaluation): void;
  saved(summary: RunSummary): void;
  /** Something went wrong that training survives: a save that did not fit, say. */
  problem(error: StudioError): void;
}

export interface RunClock {
  /** Monotonic. */
  nowMs(): number;
  /** Since 1970. */
  wallClockMs(): number;
  /** Lets the host handle its messages. */
  breathe(): Promise<void>;
}

export interface RunParts {
  readonly summary: RunSummary;
  readonly trainer: Trainer;
  readonly streams: ReadonlyMap<StreamName, BatchStream>;
  readonly validation: Validation;
  readonly pinnedImages: readonly PinnedImage[];
  readonly pinnedBatch: HostBatch;
  readonly store: RunStore;
  readonly clock: RunClock;
  readonly observer: RunObserver;
  /** Memory readings to record beside the losses. */
  readonly memory: () => { readonly tensors: number; readonly gpuBytes: number | null };
  readonly device: DeviceInfo;
}

export class RunSession {
  private readonly parts: RunParts;
  private readonly recorder = new MetricsRecorder();
  private readonly pictures: PictureRequests;
  private readonly pace: StepPace;
  private readonly events: AsyncGenerator<TrainEvent, void, void>;
  private unsavedEvaluations: Evaluation[] = [];
  private summary: RunSummary;
  private status: RunStatus = 'paused';
  private stepsWanted = 0;
  /** The step under way ends with an evaluation: until that is done, a save would lose it. */
  private evaluationDue = false;
  private pumping: Promise<void> | null = null;
  private savedAtMs: number;
  private sentAtMs = 0;

  constructor(parts: RunParts) {
    this.parts = parts;
    this.summary = { ...parts.summary, device: parts.device };
    this.savedAtMs = parts.clock.nowMs();
    this.pace = new StepPace(parts.clock.nowMs);
    const { config } = parts.summary;
    this.pictures = new PictureRequests(parts.clock.nowMs, () => this.drawPictures());
    this.events = train(parts.trainer, () => this.nextBatches(), {
      nowMs: parts.clock.nowMs,
      evaluation: { every: config.evaluateEvery, batches: (isFinal) => parts.validation.batches(isFinal) },
    });
  }

  get runId() {
    return this.summary.runId;
  }

  get pinnedImages(): readonly PinnedImage[] {
    return this.parts.pinnedImages;
  }

  get current(): RunSummary {
    return this.summary;
  }

  /** Trains until paused, stopped or done. Returns when it no longer does. */
  play(): Promise<void> {
    return this.pump(Number.POSITIVE_INFINITY);
  }

  /** One update, then pause. */
  step(): Promise<void> {
    return this.pump(1);
  }

  /** Takes effect after the step under way; resolves once the state of that moment is saved. */
  async pause(): Promise<void> {
    this.stepsWanted = 0;
    await this.pumping;
  }

  /** Ends the run; what it learnt stays stored. */
  async stop(): Promise<void> {
    await this.pause();
    if (this.isOver()) return;
    await this.events.return();
    await this.leave('stopped');
  }

  /** The device is gone: ends the run as failed, without touching the GPU or the last checkpoint. */
  async abort(error: StudioError): Promise<void> {
    if (this.isOver()) return;
    this.stepsWanted = 0;
    await this.fail(error);
  }

  /** A frame of a step later than `after`, as soon as there is one and the budget for pictures allows it. */
  predictions(after: number): Promise<PredictionFrame> {
    const answer = this.pictures.ask(after);
    if (this.pumping === null) void this.pictures.serve(this.parts.trainer.step, true);
    return answer;
  }

  /** Scores the network as it is on the whole validation split, and changes nothing. */
  evaluateNow(): Promise<Evaluation> {
    const { trainer, validation } = this.parts;
    return evaluate(trainer.predict, validation.batches(true), trainer.step);
  }

  /** The network's weights as safetensors, torch names and layout. */
  exportWeights(): Promise<Uint8Array> {
    return exportWeights(this.parts.trainer.network);
  }

  /** Frees the GPU. The session cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.pause();
    this.pictures.fail(
      new StudioError('config.unmet-need', 'The run was closed.', 'Open it again to see its pictures.'),
    );
    await this.events.return();
    this.parts.trainer.dispose();
  }

  private isOver(): boolean {
    return this.status === 'finished' || this.status === 'stopped' || this.status === 'failed';
  }

  private pump(steps: number): Promise<void> {
    if (this.isOver()) return Promise.resolve();
    this.stepsWanted = steps;
    this.pumping ??= this.run().finally(() => {
      this.pumping = null;
    });
    return this.pumping;
  }

  private async run(): Promise<void> {
    try {
      do {
        await this.trainWhileWanted();
        if (this.isOver()) return;
        await this.leave(this.parts.trainer.step >= this.summary.config.steps ? 'finished' : 'paused');
        // Somebody may have pressed play while the pause was being saved.
      } while (this.stepsWanted > 0 && !this.isOver());
    } catch (error) {
      if (!this.isOver()) await this.fail(error);
    }
  }

  private async trainWhileWanted(): Promise<void> {
    this.pace.restart(this.parts.trainer.step);
    this.enter('running');
    while (this.stepsWanted > 0 || this.evaluationDue) {
      const { value: event, done } = await this.events.next();
      if (done) return;
      await this.handle(event);
      await this.parts.clock.breathe();
    }
  }

  private async handle(event: TrainEvent): Promise<void> {
    const { nowMs } = this.parts.clock;
    const { config } = this.summary;
    switch (event.kind) {
      case 'step':
        this.stepsWanted -= 1;
        this.evaluationDue = isEvaluationStep(event.step, config.steps, config.evaluateEvery);
        if (event.metrics !== null) {
          this.measure(event.step, event.metrics);
          await this.pictures.serve(event.step, false);
          if (!this.evaluationDue && nowMs() - this.savedAtMs > SAVE_EVERY_MS) await this.save();
        }
        return;
      case 'evaluated':
        this.evaluationDue = false;
        this.evaluated(event.evaluation);
        await this.pictures.serve(event.step, true);
        if (this.summary.best?.step === event.step || event.isFinal) await this.save();
        return;
      case 'finished':
        this.stepsWanted = 0;
        return;
      default:
        event satisfies never;
    }
  }

  private measure(step: number, metrics: MetricFrame): void {
    this.recorder.append(metrics);
    const stepMs = this.pace.measure(step);
    const { tensors, gpuBytes } = this.parts.memory();
    this.recorder.record(step, {
      ...(stepMs === null ? {} : { 'sys/step_ms': stepMs }),
      'sys/tensors': tensors,
      'sys/dispatches': this.parts.trainer.stepDispatches,
      ...(gpuBytes === null ? {} : { 'sys/gpu_mb': gpuBytes / 1e6 }),
    });
    if (this.parts.clock.nowMs() - this.sentAtMs >= SEND_EVERY_MS) this.send();
  }

  private send(): void {
    this.sentAtMs = this.parts.clock.nowMs();
    const frame = this.recorder.takeUnsent();
    if (Object.keys(frame).length > 0) this.parts.observer.metrics(frame);
    this.enter(this.status);
  }

  private evaluated(evaluation: Evaluation): void {
    const { mIoU } = scoresOf(evaluation.confusion);
    const last = { step: evaluation.step, mIoU };
    const best = this.summary.best === null || mIoU > this.summary.best.mIoU ? last : this.summary.best;
    this.summary = { ...this.summary, last, best };
    this.unsavedEvaluations.push(evaluation);
    this.send();
    this.parts.observer.evaluation(evaluation);
    // An evaluation is not training: it must not slow the reported pace.
    this.pace.restart(this.parts.trainer.step);
  }

  private enter(status: RunStatus, error: StudioError | null = null): void {
    this.status = status;
    const { trainer, observer } = this.parts;
    const { steps } = this.summary.config;
    const { stepsPerSecond } = this.pace;
    observer.state({
      runId: this.summary.runId,
      status,
      step: trainer.step,
      steps,
      stepsPerSecond: status === 'running' ? stepsPerSecond : null,
      leftMs: status === 'running' && stepsPerSecond !== null ? ((steps - trainer.step) / stepsPerSecond) * 1000 : null,
      error: error === null ? null : serialiseError(error),
    });
  }

  /** Settles into a status that does not train: reads what is pending, saves, tells. */
  private async leave(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    const pending = await readMetrics(this.parts.trainer);
    if (pending !== null) this.recorder.append(pending);
    this.status = status;
    this.send();
    await this.save();
    await this.pictures.serve(this.parts.trainer.step, true);
  }

  private async fail(cause: unknown): Promise<void> {
    const error =
      cause instanceof StudioError
        ? cause
        : new StudioError('internal.invariant', String(cause), 'Please report this.', {}, cause);
    this.status = 'failed';
    this.send();
    this.enter('failed', error);
    this.pictures.fail(error);
    // The last good checkpoint stays as it is: only the status is written.
    this.summary = { ...this.summary, status: 'failed', updatedAtMs: this.parts.clock.wallClockMs() };
    await this.parts.store.saveSummary(this.summary).catch(() => undefined);
    this.parts.observer.saved(this.summary);
  }

  private async save(): Promise<void> {
    const { trainer, streams, store, clock, observer } = this.parts;
    const cursors = Object.fromEntries(
      [...streams].map(([name, stream]) => [`stream.${name}`, JSON.stringify(stream.state())]),
    );
    const packing = packCheckpoint(trainer, cursors);
    const metrics = this.recorder.takeUnsaved();
    const evaluations = this.unsavedEvaluations;
    this.unsavedEvaluations = [];
    const summary = { ...this.summary, status: this.status, step: trainer.step, updatedAtMs: clock.wallClockMs() };
    try {
      await store.save(summary, await packing, metrics, evaluations);
      this.summary = { ...this.summary, status: summary.status, step: summary.step, updatedAtMs: summary.updatedAtMs };
      observer.saved(summary);
    } catch (error) {
      // A full disk must not end training: what could not be written is kept for the next save, the last good one stays.
      this.recorder.keepUnsaved(metrics);
      this.unsavedEvaluations = [...evaluations, ...this.unsavedEvaluations];
      if (!(error instanceof StudioError)) throw error;
      observer.problem(error);
    } finally {
      this.savedAtMs = clock.nowMs();
    }
  }

  private async nextBatches(): Promise<HostBatches> {
    const names = [...this.parts.streams.keys()];
    const batches = await Promise.all([...this.parts.streams.values()].map((stream) => stream.next()));
    return Object.fromEntries(names.map((name, i) => [name, batches[i]])) as HostBatches;
  }

  private drawPictures(): Promise<PredictionFrame> {
    const { pinnedBatch, trainer } = this.parts;
    return predictPictures(trainer.predict, pinnedBatch, trainer.step);
  }
}
