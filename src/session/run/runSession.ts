// One open run, as its host and the studio handle it. What it does lies beside this: the loop over its stages (runLoop.ts),
// what it says and saves (runReport.ts), parameters that change on the way (runWishes.ts), pictures (runPictures.ts).
// Everything that must survive lies in checkpoint and summary, so a run that is opened again continues exactly where it was.
import type { PictureFrame, PictureKind } from '../../bridge/pictures/pictureKind.ts';
import { StudioError } from '../../domain/errors.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { PinnedImage } from '../../domain/pictures.ts';
import type { StageId } from '../../domain/recipe.ts';
import type { Evaluation, RunId, RunSummary } from '../../domain/run.ts';
import { evaluate } from '../../engine/training/evaluate.ts';
import type { Trainer } from '../../engine/training/trainer.ts';
import { exportWeights } from '../../engine/training/weights.ts';
import { trainedWith } from '../recipes/stage.ts';
import { StageRunner, segmenterOf } from '../recipes/stageRunner.ts';
import { RunLoop } from './runLoop.ts';
import type { RunParts } from './runParts.ts';
import { RunPictures } from './runPictures.ts';
import { RunReport } from './runReport.ts';
import { RunWishes } from './runWishes.ts';

export class RunSession {
  private readonly parts: RunParts;
  private readonly runner: StageRunner;
  private readonly report: RunReport;
  private readonly pictures: RunPictures;
  private readonly wishes: RunWishes;
  private readonly loop: RunLoop;

  private constructor(parts: RunParts, runner: StageRunner) {
    const { clock, context, pinnedBatch } = parts;
    this.parts = parts;
    this.runner = runner;
    this.report = new RunReport(parts, runner);
    this.pictures = new RunPictures({ runner, pinned: pinnedBatch, context }, clock.nowMs);
    this.wishes = new RunWishes(runner, this.report);
    const { report, pictures, wishes } = this;
    const { causeOf } = parts;
    this.loop = new RunLoop({ runner, report, pictures, wishes, causeOf, breathe: () => clock.breathe() });
  }

  /** Opens the stage that the summary stands in, at `checkpoint` if there is one. */
  static async open(parts: RunParts, checkpoint: Uint8Array | null): Promise<RunSession> {
    return new RunSession(parts, await StageRunner.at(parts.summary, checkpoint, parts.openStage));
  }

  get runId(): RunId {
    return this.current.runId;
  }

  /** The run's updates so far, saved or not. */
  get updates(): number {
    return this.runner.updates;
  }

  get pinnedImages(): readonly PinnedImage[] {
    return this.parts.pinnedImages;
  }

  get current(): RunSummary {
    return this.report.summary;
  }

  /** Whether the stage under way has a network to score, to show and to export. */
  get makesPredictions(): boolean {
    return this.runner.makesPredictions;
  }

  /** Trains until paused, stopped or done. Returns when it no longer does. */
  play(): Promise<void> {
    return this.loop.go(Number.POSITIVE_INFINITY);
  }

  /** One update, then pause. */
  step(): Promise<void> {
    return this.loop.go(1);
  }

  /** Takes effect after the step under way; resolves once the state of that moment is saved. */
  pause(): Promise<void> {
    return this.loop.pause();
  }

  /** As a pause that is meant to last: the run says that it was stopped, and can be played on. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Tells anew where the run stands. */
  tell(): void {
    this.report.send();
  }

  /** Steps are wanted. */
  get isPlaying(): boolean {
    return this.loop.isPlaying;
  }

  /** Ends the run as failed, without touching the GPU or the last checkpoint. */
  async abort(error: StudioError): Promise<void> {
    if (!this.report.isOver) await this.loop.fail(error);
  }

  /**
   * The device is gone, and with it everything that was not saved: lets go of the run without a word. Its last checkpoint is
   * whole, and another session opens it. The session cannot be used afterwards.
   */
  async abandon(error: StudioError): Promise<void> {
    this.pictures.refuse(error);
    await this.loop.abandon();
    this.runner.dispose();
  }

  /**
   * A frame of a step later than `after`, as soon as there is one and the budget for pictures allows it. Null where the stage
   * under way has none of the kind, or once such a stage begins. Rejects with what ended the run if it failed.
   */
  pull<Ask, Frame extends PictureFrame>(kind: PictureKind<Ask, Frame>, after: number, ask: Ask): Promise<Frame | null> {
    const answer = this.pictures.pull(kind, after, ask);
    if (this.loop.isIdle) void this.pictures.show(true);
    return answer;
  }

  /** Of the stage under way, for who looks inside; null where it trains nothing. */
  get trainer(): Trainer | null {
    return this.runner.current.trainer;
  }

  /** Scores the network as it is on the whole validation split, and changes nothing. Throws `config.unmet-need` without one. */
  evaluateNow(): Promise<Evaluation> {
    const { validation } = this.parts.context;
    return evaluate(segmenterOf(this.runner.current).predict, validation.batches(true), this.runner.updates);
  }

  /** The network's weights as safetensors, torch names and layout. Throws `config.unmet-need` without one. */
  exportWeights(): Promise<Uint8Array> {
    return exportWeights(segmenterOf(this.runner.current).network, trainedWith(this.parts.context));
  }

  /**
   * Wishes other values for parameters of a stage that is not over. They land before its next update, are recorded and told.
   * Throws `config.invalid` for a value that its parameter does not accept or that cannot change any more.
   */
  async setParams(id: StageId, values: ParamValues): Promise<void> {
    this.wishes.add(id, values);
    if (this.loop.isIdle) await this.wishes.land();
  }

  /** Frees the GPU. The session cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.pause();
    this.pictures.refuse(
      new StudioError('config.unmet-need', 'The run was closed.', 'Open it again to see its pictures.'),
    );
    await this.runner.current.events.return();
    this.runner.dispose();
  }
}
