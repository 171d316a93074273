// One run: its stages one after the other, their events, evaluations, pictures, checkpoints. Pausing is not pulling the
// stage's generator; everything that must survive lies in checkpoint and summary, so a run that is opened again continues
// exactly where it was. What a stage does is recipes/.
import type { HostBatch, Tile } from '../domain/dataset.ts';
import { invariant, StudioError, serialiseError } from '../domain/errors.ts';
import { type MetricFrame, scoresOf } from '../domain/metrics.ts';
import type { ParamValues } from '../domain/params.ts';
import { type Stage, type StageId, stepsBefore, stepsOf } from '../domain/recipe.ts';
import type {
  DeviceInfo,
  Evaluation,
  ParamChange,
  PinnedImage,
  PredictionFrame,
  RunState,
  RunStatus,
  RunSummary,
} from '../domain/run.ts';
import { evaluate } from '../engine/training/evaluate.ts';
import { isEvaluationStep } from '../engine/training/evaluationSchedule.ts';
import { predictPictures } from '../engine/training/predict.ts';
import { readMetrics, type Trainer } from '../engine/training/trainer.ts';
import { exportWeights } from '../engine/training/weights.ts';
import { MetricsRecorder } from './metricsRecorder.ts';
import { PictureRequests } from './pictureRequests.ts';
import type { RunStore } from './ports.ts';
import { changesTo, paramsAt, recorded, trainStageOf } from './recipes/paramChanges.ts';
import type { OpenStage, StageEvent, StageStart } from './recipes/stage.ts';
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
  /** A parameter took another value. */
  changed(change: ParamChange): void;
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
  readonly openStage: (stage: Stage, start: StageStart) => Promise<OpenStage>;
  /** What a finished stage made of training images. */
  readonly stageTiles: (stage: Stage, indices: readonly number[]) => Promise<readonly Tile[]>;
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
  private unsavedEvaluations: Evaluation[] = [];
  private summary: RunSummary;
  /** The one under way; the last one when all are done. */
  private stage: OpenStage;
  /** The run's updates before this stage: charts and records count from the run's beginning. */
  private firstStep = 0;
  private status: RunStatus = 'paused';
  private stepsWanted = 0;
  /** The step under way ends with an evaluation: until that is done, a save would lose it. */
  private evaluationDue = false;
  /** Values that somebody wants; they land between two steps. */
  private wishes: { readonly stage: StageId; readonly values: ParamValues }[] = [];
  private pumping: Promise<void> | null = null;
  private savedAtMs: number;
  private sentAtMs = 0;

  private constructor(parts: RunParts, stage: OpenStage) {
    this.parts = parts;
    this.summary = { ...parts.summary, device: parts.device };
    this.stage = stage;
    this.firstStep = stepsBefore(parts.summary.config.recipe, this.stageIndex);
    this.savedAtMs = parts.clock.nowMs();
    this.pace = new StepPace(parts.clock.nowMs);
    this.pictures = new PictureRequests(parts.clock.nowMs, () => this.drawPictures());
  }

  /** Opens the stage that the summary stands in, at `checkpoint` if there is one. */
  static async open(parts: RunParts, checkpoint: Uint8Array | null): Promise<RunSession> {
    const { config, progress, changes } = parts.summary;
    const { stages } = config.recipe;
    const index = Math.min(progress.stage, stages.length - 1);
    const stage = stages[index];
    invariant(stage, () => `The recipe "${config.recipe.id}" has no stages.`);
    const done = progress.stage > index && stage.kind === 'train' ? stage.steps : progress.done;
    const params = stage.kind === 'train' ? paramsAt(stage, changes, stepsBefore(config.recipe, index) + done) : {};
    return new RunSession(parts, await parts.openStage(stage, { checkpoint, done, params }));
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

  /** Updates done, over all stages. */
  private get updates(): number {
    return this.firstStep + (this.stage.trainer?.step ?? 0);
  }

  private get stageIndex(): number {
    return Math.min(this.summary.progress.stage, this.summary.config.recipe.stages.length - 1);
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
    await this.stage.events.return();
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
    if (this.pumping === null) void this.showPictures(true);
    return answer;
  }

  /** Whether the stage under way has a network to score, to show and to export. */
  get makesPredictions(): boolean {
    return this.stage.trainer?.product.kind === 'segmenter';
  }

  /** Scores the network as it is on the whole validation split, and changes nothing. Throws `config.unmet-need` without one. */
  evaluateNow(): Promise<Evaluation> {
    return evaluate(this.segmenter().predict, this.parts.validation.batches(true), this.updates);
  }

  /** The network's weights as safetensors, torch names and layout. Throws `config.unmet-need` without one. */
  exportWeights(): Promise<Uint8Array> {
    return exportWeights(this.segmenter().network);
  }

  /** What a finished stage made of training images. Throws `data.not-found` for a stage that made none. */
  stageTiles(id: StageId, indices: readonly number[]): Promise<readonly Tile[]> {
    const stage = this.summary.config.recipe.stages.find((candidate) => candidate.id === id);
    if (stage !== undefined) return this.parts.stageTiles(stage, indices);
    throw new StudioError('data.not-found', `The run has no stage "${id}".`, 'Choose a stage of its recipe.', { id });
  }

  /**
   * Wishes other values for parameters of a stage that is not over. They land before its next update, are recorded and told.
   * Throws `config.invalid` for a value that its parameter does not accept or that cannot change any more.
   */
  async setParams(id: StageId, values: ParamValues): Promise<void> {
    const { config, changes } = this.summary;
    const { stage, firstStep } = trainStageOf(config, id);
    if (this.isOver() || config.recipe.stages.indexOf(stage) < this.summary.progress.stage) {
      throw new StudioError('config.invalid', `The stage "${id}" is over.`, 'Start another run with the value.', {
        key: 'stage',
        value: id,
      });
    }
    const step = Math.max(this.updates, firstStep);
    changesTo(stage, paramsAt(stage, changes, step), values, step);
    this.wishes.push({ stage: id, values });
    if (this.pumping === null) await this.landChanges();
  }

  /** Frees the GPU. The session cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.pause();
    this.pictures.fail(
      new StudioError('config.unmet-need', 'The run was closed.', 'Open it again to see its pictures.'),
    );
    await this.stage.events.return();
    this.stage.dispose();
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
        await this.workWhileWanted();
        if (this.isOver()) return;
        await this.leave(this.isThrough() ? 'finished' : 'paused');
        // Somebody may have pressed play while the pause was being saved.
      } while (this.stepsWanted > 0 && !this.isOver());
    } catch (error) {
      if (!this.isOver()) await this.fail(error);
    }
  }

  private isThrough(): boolean {
    return this.summary.progress.stage >= this.summary.config.recipe.stages.length;
  }

  private async workWhileWanted(): Promise<void> {
    this.pace.restart(this.updates);
    this.enter('running');
    while (!this.isThrough() && (this.stepsWanted > 0 || this.evaluationDue || this.isStageDone())) {
      await this.landChanges();
      const { value: event, done } = await this.stage.events.next();
      if (done) await this.nextStage();
      else await this.handle(event);
      await this.parts.clock.breathe();
    }
  }

  /** Its last step is taken: what is left is to leave its outputs, which a pause waits for. */
  private isStageDone(): boolean {
    return this.stage.done >= this.stage.total;
  }

  /** Stores what the stage leaves behind, then the run as it stands between two stages, then opens the next. */
  private async nextStage(): Promise<void> {
    const { stages } = this.summary.config.recipe;
    await this.stage.leaveOutputs();
    const index = this.summary.progress.stage + 1;
    this.summary = { ...this.summary, progress: { stage: index, done: 0 } };
    const next = stages[index];
    if (next === undefined) {
      this.stepsWanted = 0;
      return;
    }
    await this.save();
    this.stage.dispose();
    this.firstStep = stepsBefore(this.summary.config.recipe, index);
    const params = next.kind === 'train' ? paramsAt(next, this.summary.changes, this.firstStep) : {};
    this.stage = await this.parts.openStage(next, { checkpoint: null, done: 0, params });
    this.pace.restart(this.updates);
    this.enter(this.status);
  }

  /** Between two updates: what the record says for this step, then what somebody wishes. */
  private async landChanges(): Promise<void> {
    const wishes = this.wishes.splice(0);
    const added: ParamChange[] = [];
    for (const { stage: id, values } of wishes) {
      const { stage, firstStep } = trainStageOf(this.summary.config, id);
      const step = Math.max(this.updates, firstStep);
      const changes = recorded(this.summary.changes, added);
      added.push(...changesTo(stage, paramsAt(stage, changes, step), values, step));
    }
    if (added.length > 0) this.summary = { ...this.summary, changes: recorded(this.summary.changes, added) };
    const { stage, trainer } = this.stage;
    const isDue = this.summary.changes.some((change) => change.stage === stage.id && change.step === this.updates);
    if (isDue && trainer !== null && stage.kind === 'train') {
      trainer.setParams(paramsAt(stage, this.summary.changes, this.updates));
    }
    if (added.length === 0) return;
    for (const change of added) this.parts.observer.changed(change);
    // At once: if the run is killed before its next save, the change is replayed at its step.
    await this.parts.store.saveSummary(this.standing()).catch((error: unknown) => this.report(error));
  }

  private async handle(event: StageEvent): Promise<void> {
    this.summary = { ...this.summary, progress: { ...this.summary.progress, done: this.stage.done } };
    switch (event.kind) {
      case 'step':
        this.stepsWanted -= 1;
        this.evaluationDue =
          this.makesPredictions && isEvaluationStep(event.step, this.stage.total, this.summary.config.evaluateEvery);
        if (event.metrics !== null) {
          this.measure(event.metrics);
          await this.showPictures(false);
          if (!this.evaluationDue) await this.saveIfDue();
        }
        return;
      case 'evaluated':
        this.evaluationDue = false;
        this.evaluated({ ...event.evaluation, step: this.updates });
        await this.showPictures(true);
        if (this.summary.best?.step === this.updates || event.isFinal) await this.save();
        return;
      case 'computed':
        this.stepsWanted -= 1;
        this.send();
        await this.saveIfDue();
        return;
      case 'finished':
        return;
      default:
        event satisfies never;
    }
  }

  private measure(metrics: MetricFrame): void {
    const step = this.updates;
    this.recorder.append(later(metrics, this.firstStep));
    const stepMs = this.pace.measure(step);
    const { tensors, gpuBytes } = this.parts.memory();
    this.recorder.record(step, {
      ...(stepMs === null ? {} : { 'sys/step_ms': stepMs }),
      'sys/tensors': tensors,
      'sys/dispatches': this.stage.trainer?.stepDispatches ?? 0,
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
    this.pace.restart(this.updates);
  }

  private enter(status: RunStatus, error: StudioError | null = null): void {
    this.status = status;
    const step = this.updates;
    const { stage, done, total } = this.stage;
    const steps = stepsOf(this.summary.config.recipe);
    const { stepsPerSecond } = this.pace;
    this.parts.observer.state({
      runId: this.summary.runId,
      status,
      step,
      steps,
      stage: { index: this.stageIndex, id: stage.id, kind: stage.kind, done, total },
      stepsPerSecond: status === 'running' ? stepsPerSecond : null,
      leftMs: status === 'running' && stepsPerSecond !== null ? ((steps - step) / stepsPerSecond) * 1000 : null,
      error: error === null ? null : serialiseError(error),
    });
  }

  /** Settles into a status that does not train: reads what is pending, saves, tells. */
  private async leave(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    const { trainer } = this.stage;
    const pending = trainer === null ? null : await readMetrics(trainer);
    if (pending !== null) this.recorder.append(later(pending, this.firstStep));
    this.status = status;
    this.send();
    await this.save();
    await this.showPictures(true);
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

  private async saveIfDue(): Promise<void> {
    if (this.parts.clock.nowMs() - this.savedAtMs > SAVE_EVERY_MS) await this.save();
  }

  /** The summary as of this moment. */
  private standing(): RunSummary {
    return { ...this.summary, status: this.status, step: this.updates, updatedAtMs: this.parts.clock.wallClockMs() };
  }

  private async save(): Promise<void> {
    const { store, clock, observer } = this.parts;
    const packing = this.stage.checkpoint();
    const metrics = this.recorder.takeUnsaved();
    const evaluations = this.unsavedEvaluations;
    this.unsavedEvaluations = [];
    const summary = this.standing();
    try {
      await store.save(summary, await packing, metrics, evaluations);
      this.summary = { ...this.summary, status: summary.status, step: summary.step, updatedAtMs: summary.updatedAtMs };
      observer.saved(summary);
    } catch (error) {
      // A full disk must not end training: what could not be written is kept for the next save, the last good one stays.
      this.recorder.keepUnsaved(metrics);
      this.unsavedEvaluations = [...evaluations, ...this.unsavedEvaluations];
      this.report(error);
    } finally {
      this.savedAtMs = clock.nowMs();
    }
  }

  /** What training survives is told; anything else ends it. */
  private report(error: unknown): void {
    if (!(error instanceof StudioError)) throw error;
    this.parts.observer.problem(error);
  }

  /** The trainer of the stage under way, if it makes predictions. */
  private segmenter(): Trainer {
    const { trainer, stage } = this.stage;
    if (trainer?.product.kind === 'segmenter') return trainer;
    throw new StudioError(
      'config.unmet-need',
      `The stage "${stage.id}" trains no segmentation network.`,
      'Wait for the next stage.',
      { stage: stage.id },
    );
  }

  /** Answers picture requests, unless the stage under way has nothing to show. */
  private async showPictures(isUrgent: boolean): Promise<void> {
    if (this.makesPredictions) await this.pictures.serve(this.updates, isUrgent);
  }

  private drawPictures(): Promise<PredictionFrame> {
    return predictPictures(this.segmenter().predict, this.parts.pinnedBatch, this.updates);
  }
}

/** The frame of a stage that began after `firstStep` updates of the run. */
function later(frame: MetricFrame, firstStep: number): MetricFrame {
  if (firstStep === 0) return frame;
  return Object.fromEntries(
    Object.entries(frame).map(([key, { steps, values }]) => [key, { steps: steps.map((s) => s + firstStep), values }]),
  );
}
