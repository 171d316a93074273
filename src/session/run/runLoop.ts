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
}

export class RunLoop {
  private readonly parts: LoopParts;
  private stepsWanted = 0;
  /** The step under way ends with an evaluation: until that is done, a save would lose it. */
  private evaluationDue = false;
  private pulling: Promise<void> | null = null;

  constructor(parts: LoopParts) {
    this.parts = parts;
  }

  get isIdle(): boolean {
    return this.pulling === null;
  }

  /** Takes so many steps, or to the end. Resolves when it no longer does. */
  go(steps: number): Promise<void> {
    if (this.parts.report.isOver) return Promise.resolve();
    this.stepsWanted = steps;
    this.pulling ??= this.run().finally(() => {
      this.pulling = null;
    });
    return this.pulling;
  }

  /** Takes effect after the step under way. */
  halt(): void {
    this.stepsWanted = 0;
  }

  /** Likewise; resolves once the state of that moment is saved. */
  async pause(): Promise<void> {
    this.halt();
    await this.pulling;
  }

  /** Settles into a status that does not train, and shows what there is to show. */
  async leave(status: 'paused' | 'finished' | 'stopped'): Promise<void> {
    await this.parts.report.settle(status);
    await this.parts.pictures.show(true);
  }

  async fail(cause: unknown): Promise<void> {
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
    try {
      do {
        await this.workWhileWanted();
        if (report.isOver) return;
        await this.leave(runner.isThrough ? 'finished' : 'paused');
        // Somebody may have pressed play while the pause was being saved.
      } while (this.stepsWanted > 0 && !report.isOver);
    } catch (error) {
      if (!report.isOver) await this.fail(error);
    }
  }

  private async workWhileWanted(): Promise<void> {
    const { runner, report, wishes, breathe } = this.parts;
    report.pace.restart(runner.updates);
    report.enter('running');
    while (!runner.isThrough && (this.stepsWanted > 0 || this.evaluationDue || runner.isStageDone)) {
      await wishes.land();
      const { value: event, done } = await runner.current.events.next();
      if (done) await this.nextStage();
      else await this.handle(event);
      await breathe();
    }
  }

  /** Stores what the stage leaves behind, then the run as it stands between two stages, then opens the next. */
  private async nextStage(): Promise<void> {
    const { runner, report, pictures } = this.parts;
    await runner.current.leaveOutputs();
    const stage = runner.state.index + 1;
    await runner.advance(report.summary.changes, () => report.save({ stage, done: 0 }));
    if (runner.isThrough) this.stepsWanted = 0;
    else pictures.stageChanged();
    report.pace.restart(runner.updates);
    report.enter(report.status);
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
