// Pulls a run's stages one after the other for as long as steps are wanted. Pausing is not pulling the stage's generator; a
// stage whose last step is taken is brought to its end, and so is an evaluation.
import { StudioError } from '../../domain/errors.ts';
import { isEvaluationStep } from '../../engine/training/evaluationSchedule.ts';
import type { StageEvent } from '../recipes/stage.ts';
import type { StageRunner } from '../recipes/stageRunner.ts';
import type { RunPictures } from './runPictures.ts';
import type { RunReport } from './runReport.ts';
import type { RunWishes } from './runWishes.ts';

interface LoopParts {
  readonly runner: StageRunner;
  readonly report: RunReport;
  readonly pictures: RunPictures;
  readonly wishes: RunWishes;
  /** Lets the host handle its messages. */
  readonly breathe: () => Promise<void>;
  /** What an error of training comes from; null: somebody else deals with it. */
  readonly causeOf: (error: unknown) => Promise<unknown>;
}

/** A lost device may leave a read-back without an answer. */
const ABANDON_AFTER_MS = 3000;

export class RunLoop {
  private readonly parts: LoopParts;
  private stepsWanted = 0;
  /** The step under way ends with an evaluation: until that is done, a save would lose it. */
  private evaluationDue = false;
  private pulling: Promise<void> | null = null;
  /** What a pause is to be called. */
  private restAs: 'paused' | 'stopped' = 'paused';
  private isAbandoned = false;

  constructor(parts: LoopParts) {
    this.parts = parts;
  }

  get isIdle(): boolean {
    return this.pulling === null;
  }

  /** Takes so many steps, or to the end. Resolves when it no longer does. */
  go(steps: number): Promise<void> {
    if (this.parts.report.isOver || this.isAbandoned) return Promise.resolve();
    this.stepsWanted = steps;
    this.restAs = 'paused';
    this.pulling ??= this.run().finally(() => {
      this.pulling = null;
    });
    return this.pulling;
  }

  get isPlaying(): boolean {
    return this.stepsWanted > 0;
  }

  /** Takes effect after the step under way; resolves once the state of that moment is saved. */
  async pause(): Promise<void> {
    this.stepsWanted = 0;
    await this.pulling;
  }

  /** Likewise, under another name. */
  async stop(): Promise<void> {
    this.restAs = 'stopped';
    await this.pause();
    const { report, runner } = this.parts;
    if (!report.isOver && !this.isAbandoned && !runner.isThrough && report.status !== 'stopped')
      await this.guarded(() => this.leave('stopped'));
  }

  /** Nothing more is done, saved or said. Resolves when nothing is under way, or does not come back. */
  async abandon(): Promise<void> {
    this.isAbandoned = true;
    this.stepsWanted = 0;
    const late = new Promise<void>((resolve) => setTimeout(resolve, ABANDON_AFTER_MS));
    await Promise.race([this.pulling, late]);
  }

  async fail(cause: unknown): Promise<void> {
    this.stepsWanted = 0;
    const error =
      cause instanceof StudioError
        ? cause
        : new StudioError('internal.invariant', String(cause), 'Please report this.', {}, cause);
    const told = this.parts.report.failed(error);
    this.parts.pictures.refuse(error);
    await told;
  }

  private async run(): Promise<void> {
    const { runner, report } = this.parts;
    await this.guarded(async () => {
      do {
        await this.workWhileWanted();
        if (report.isOver || this.isAbandoned) return;
        await this.leave(runner.isThrough ? 'finished' : this.restAs);
        // Somebody may have pressed play while the pause was being saved.
      } while (this.stepsWanted > 0 && !report.isOver);
    });
  }

  /** Work that ends the run where it fails. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.parts.report.isOver || this.isAbandoned) return;
      const cause = await this.parts.causeOf(error);
      if (cause !== null && !this.isAbandoned) await this.fail(cause);
    }
  }

  /** Settles into a status that does not train, and shows what there is to show. */
  private async leave(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    await this.parts.report.settle(status);
    await this.parts.pictures.show(true);
  }

  private async workWhileWanted(): Promise<void> {
    const { runner, report, wishes, breathe } = this.parts;
    report.pace.restart(runner.updates);
    report.enter('running');
    let isStuck = false;
    while (!isStuck && !runner.isThrough && (this.stepsWanted > 0 || this.evaluationDue || runner.isStageDone)) {
      await wishes.land();
      const { value: event, done } = await runner.current.events.next();
      if (this.isAbandoned) return;
      if (done) isStuck = !(await this.nextStage());
      else await this.handle(event);
      await breathe();
    }
  }

  /**
   * Stores what the stage leaves behind, then the run as it stands between two stages, then opens the next. False where a full
   * disk takes nothing: the run pauses, and playing on tries again.
   */
  private async nextStage(): Promise<boolean> {
    const { runner, report, pictures } = this.parts;
    try {
      await runner.current.leaveOutputs();
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'storage.quota') throw error;
      report.tell(error);
      this.stepsWanted = 0;
      return false;
    }
    const stage = runner.state.index + 1;
    await runner.advance(report.summary.changes, () => report.save({ stage, done: 0 }));
    if (runner.isThrough) this.stepsWanted = 0;
    else pictures.stageChanged();
    report.pace.restart(runner.updates);
    report.enter(report.status);
    return true;
  }

  private async handle(event: StageEvent): Promise<void> {
    const { runner, report, pictures } = this.parts;
    const { evaluateEvery } = report.summary.config;
    switch (event.kind) {
      case 'step':
        this.stepsWanted -= 1;
        this.evaluationDue =
          runner.makesPredictions && isEvaluationStep(event.step, runner.current.total, evaluateEvery);
        if (event.metrics !== null) {
          report.measure(event.metrics);
          await pictures.show(false);
          if (!this.evaluationDue) await report.saveIfDue();
        }
        return;
      case 'evaluated':
        this.evaluationDue = false;
        report.evaluated({ ...event.evaluation, step: runner.updates });
        await pictures.show(true);
        if (report.summary.best?.step === runner.updates || event.isFinal) await report.save();
        return;
      case 'computed':
        this.stepsWanted -= 1;
        report.send();
        await report.saveIfDue();
        return;
      case 'finished':
        return;
      default:
        event satisfies never;
    }
  }
}
