// One run: its stages one after the other, their events, evaluations, pictures, checkpoints. Pausing is not pulling the
// stage's generator; everything that must survive lies in checkpoint and summary, so a run that is opened again continues
// exactly where it was. What a stage does is recipes/.
import type { PictureFrame, PictureKind } from '../../bridge/pictures/pictureKind.ts';
import { StudioError, serialiseError } from '../../domain/errors.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { PinnedImage } from '../../domain/pictures.ts';
import { type StageId, stepsOf } from '../../domain/recipe.ts';
import type { Evaluation, RunStatus, RunSummary } from '../../domain/run.ts';
import { evaluate } from '../../engine/training/evaluate.ts';
import { isEvaluationStep } from '../../engine/training/evaluationSchedule.ts';
import { readMetrics } from '../../engine/training/trainer.ts';
import { exportWeights } from '../../engine/training/weights.ts';
import { changesOf, type ParamWish, paramsAt, trainStageOf } from '../recipes/paramChanges.ts';
import type { StageEvent } from '../recipes/stage.ts';
import { StageWalk, segmenterOf } from '../recipes/stageWalk.ts';
import type { RunParts } from './runParts.ts';
import { RunPictures } from './runPictures.ts';
import { RunRecord } from './runRecord.ts';
import { StepPace } from './stepPace.ts';
import { systemMetrics } from './systemMetrics.ts';

/** A reload may cost this much training, and no more. */
const SAVE_EVERY_MS = 20_000;
/** Metric events are coalesced to this interval. */
const SEND_EVERY_MS = 100;

export class RunSession {
  private readonly parts: RunParts;
  private readonly walk: StageWalk;
  private readonly record: RunRecord;
  private readonly pictures: RunPictures;
  private readonly pace: StepPace;
  private status: RunStatus = 'paused';
  private stepsWanted = 0;
  /** The step under way ends with an evaluation: until that is done, a save would lose it. */
  private evaluationDue = false;
  /** Values that somebody wants; they land between two steps. */
  private wishes: ParamWish[] = [];
  private pumping: Promise<void> | null = null;
  private savedAtMs: number;
  private sentAtMs = 0;

  private constructor(parts: RunParts, walk: StageWalk) {
    const { nowMs, wallClockMs } = parts.clock;
    this.parts = parts;
    this.walk = walk;
    this.record = new RunRecord({ ...parts.summary, device: parts.device }, parts.store, wallClockMs);
    this.savedAtMs = nowMs();
    this.pace = new StepPace(nowMs);
    this.pictures = new RunPictures({ walk, pinned: parts.pinnedBatch, context: parts.context }, nowMs);
  }

  /** Opens the stage that the summary stands in, at `checkpoint` if there is one. */
  static async open(parts: RunParts, checkpoint: Uint8Array | null): Promise<RunSession> {
    return new RunSession(parts, await StageWalk.at(parts.summary, checkpoint, parts.openStage));
  }

  get runId() {
    return this.current.runId;
  }

  get pinnedImages(): readonly PinnedImage[] {
    return this.parts.pinnedImages;
  }

  get current(): RunSummary {
    return this.record.summary;
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
    await this.walk.current.events.return();
    await this.leave('stopped');
  }

  /** The device is gone: ends the run as failed, without touching the GPU or the last checkpoint. */
  async abort(error: StudioError): Promise<void> {
    if (this.isOver()) return;
    this.stepsWanted = 0;
    await this.fail(error);
  }

  /**
   * A frame of a step later than `after`, as soon as there is one and the budget for pictures allows it. Null where the stage
   * under way has none of the kind, or once such a stage begins. Rejects with what ended the run if it failed.
   */
  pull<Ask, Frame extends PictureFrame>(kind: PictureKind<Ask, Frame>, after: number, ask: Ask): Promise<Frame | null> {
    const answer = this.pictures.pull(kind, after, ask);
    if (this.pumping === null) void this.pictures.show(true);
    return answer;
  }

  /** Whether the stage under way has a network to score, to show and to export. */
  get makesPredictions(): boolean {
    return this.walk.makesPredictions;
  }

  /** What the step that ran last takes on the GPU; null where steps are not compiled. */
  get plannedMemory() {
    return this.walk.current.trainer?.compiled?.needs ?? null;
  }

  /** Scores the network as it is on the whole validation split, and changes nothing. Throws `config.unmet-need` without one. */
  evaluateNow(): Promise<Evaluation> {
    return evaluate(
      segmenterOf(this.walk.current).predict,
      this.parts.context.validation.batches(true),
      this.walk.updates,
    );
  }

  /** The network's weights as safetensors, torch names and layout. Throws `config.unmet-need` without one. */
  exportWeights(): Promise<Uint8Array> {
    return exportWeights(segmenterOf(this.walk.current).network);
  }

  /**
   * Wishes other values for parameters of a stage that is not over. They land before its next update, are recorded and told.
   * Throws `config.invalid` for a value that its parameter does not accept or that cannot change any more.
   */
  async setParams(id: StageId, values: ParamValues): Promise<void> {
    const { config, changes } = this.current;
    const { stage } = trainStageOf(config, id);
    if (this.isOver() || this.walk.isOver(stage)) {
      const context = { key: 'stage', value: id };
      throw new StudioError('config.invalid', `The stage "${id}" is over.`, 'Start another run.', context);
    }
    changesOf([...this.wishes, { stage: id, values }], config, changes, this.walk.updates);
    this.wishes.push({ stage: id, values });
    if (this.pumping === null) await this.landChanges();
  }

  /** Frees the GPU. The session cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.pause();
    this.pictures.refuse(
      new StudioError('config.unmet-need', 'The run was closed.', 'Open it again to see its pictures.'),
    );
    await this.walk.current.events.return();
    this.walk.dispose();
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
        await this.leave(this.walk.isThrough ? 'finished' : 'paused');
        // Somebody may have pressed play while the pause was being saved.
      } while (this.stepsWanted > 0 && !this.isOver());
    } catch (error) {
      if (!this.isOver()) await this.fail(error);
    }
  }

  private async workWhileWanted(): Promise<void> {
    const { walk } = this;
    this.pace.restart(walk.updates);
    this.enter('running');
    // A stage whose last step is taken is brought to its end, and so is an evaluation: a pause waits for both.
    while (!walk.isThrough && (this.stepsWanted > 0 || this.evaluationDue || walk.isStageDone)) {
      await this.landChanges();
      const { value: event, done } = await walk.current.events.next();
      if (done) await this.nextStage();
      else await this.handle(event);
      await this.parts.clock.breathe();
    }
  }

  /** Stores what the stage leaves behind, then the run as it stands between two stages, then opens the next. */
  private async nextStage(): Promise<void> {
    const { walk } = this;
    await walk.current.leaveOutputs();
    const stage = walk.state.index + 1;
    await walk.advance(this.current.changes, () => this.save({ stage, done: 0 }));
    if (walk.isThrough) this.stepsWanted = 0;
    else this.pictures.stageChanged();
    this.pace.restart(walk.updates);
    this.enter(this.status);
  }

  /** Between two updates: what somebody wishes goes on record, and the record decides. */
  private async landChanges(): Promise<void> {
    const { walk } = this;
    const { config, changes } = this.current;
    const added = changesOf(this.wishes.splice(0), config, changes, walk.updates);
    if (added.length > 0) this.record.changed(added);
    const { stage, trainer } = walk.current;
    const isDue = this.current.changes.some((change) => change.stage === stage.id && change.step === walk.updates);
    if (isDue && trainer !== null && stage.kind === 'train') {
      trainer.setParams(paramsAt(stage, this.current.changes, walk.updates));
    }
    if (added.length === 0) return;
    for (const change of added) this.parts.observer.changed(change);
    // At once: if the run is killed before its next save, the change is replayed at its step.
    this.report(await this.record.saveSummary({}));
  }

  private async handle(event: StageEvent): Promise<void> {
    const { total } = this.walk.current;
    switch (event.kind) {
      case 'step':
        this.stepsWanted -= 1;
        this.evaluationDue =
          this.makesPredictions && isEvaluationStep(event.step, total, this.current.config.evaluateEvery);
        if (event.metrics !== null) {
          this.measure(event.metrics);
          await this.pictures.show(false);
          if (!this.evaluationDue) await this.saveIfDue();
        }
        return;
      case 'evaluated':
        this.evaluationDue = false;
        this.evaluated({ ...event.evaluation, step: this.walk.updates });
        await this.pictures.show(true);
        if (this.current.best?.step === this.walk.updates || event.isFinal) await this.save();
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
    const step = this.walk.updates;
    this.record.metrics.append(later(metrics, this.walk.firstStep));
    const stepMs = this.pace.measure(step);
    const { tensors, gpuBytes } = this.parts.memory();
    const { trainer } = this.walk.current;
    const dispatches = trainer?.stepDispatches ?? 0;
    const stepBytes = trainer?.compiled?.needs?.totalBytes ?? null;
    this.record.metrics.record(step, systemMetrics({ stepMs, dispatches, tensors, gpuBytes, stepBytes }));
    if (this.parts.clock.nowMs() - this.sentAtMs >= SEND_EVERY_MS) this.send();
  }

  private send(): void {
    this.sentAtMs = this.parts.clock.nowMs();
    const frame = this.record.metrics.takeUnsent();
    if (Object.keys(frame).length > 0) this.parts.observer.metrics(frame);
    this.enter(this.status);
  }

  private evaluated(evaluation: Evaluation): void {
    this.record.evaluated(evaluation);
    this.send();
    this.parts.observer.evaluation(evaluation);
    // An evaluation is not training: it must not slow the reported pace.
    this.pace.restart(this.walk.updates);
  }

  private enter(status: RunStatus, error: StudioError | null = null): void {
    this.status = status;
    const step = this.walk.updates;
    const steps = stepsOf(this.current.config.recipe);
    const { stepsPerSecond } = this.pace;
    this.parts.observer.state({
      runId: this.runId,
      status,
      step,
      steps,
      stage: this.walk.state,
      stepsPerSecond: status === 'running' ? stepsPerSecond : null,
      leftMs: status === 'running' && stepsPerSecond !== null ? ((steps - step) / stepsPerSecond) * 1000 : null,
      error: error === null ? null : serialiseError(error),
    });
  }

  /** Settles into a status that does not train: reads what is pending, saves, tells. */
  private async leave(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    const { trainer } = this.walk.current;
    const pending = trainer === null ? null : await readMetrics(trainer);
    if (pending !== null) this.record.metrics.append(later(pending, this.walk.firstStep));
    this.status = status;
    this.send();
    await this.save();
    await this.pictures.show(true);
  }

  private async fail(cause: unknown): Promise<void> {
    const error =
      cause instanceof StudioError
        ? cause
        : new StudioError('internal.invariant', String(cause), 'Please report this.', {}, cause);
    this.status = 'failed';
    this.send();
    this.enter('failed', error);
    this.pictures.refuse(error);
    // The last good checkpoint stays as it is: only the status is written.
    await this.record.saveSummary({ status: 'failed' }).catch(() => undefined);
    this.parts.observer.saved(this.current);
  }

  private async saveIfDue(): Promise<void> {
    if (this.parts.clock.nowMs() - this.savedAtMs > SAVE_EVERY_MS) await this.save();
  }

  private async save(progress = this.walk.progress): Promise<void> {
    const { walk, status, record } = this;
    const problem = await record.save({ status, step: walk.updates, progress }, walk.current.checkpoint());
    this.savedAtMs = this.parts.clock.nowMs();
    // A full disk must not end training: the last good save stays, and the next one will try again.
    this.report(problem);
    if (problem === null) this.parts.observer.saved(this.current);
  }

  private report(problem: StudioError | null): void {
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
