// Parameters that somebody changes while a run trains: wished at any time, landed between two updates, on record from then on.
import { StudioError } from '../../domain/errors.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { StageId } from '../../domain/recipe.ts';
import { changesOf, type ParamWish, paramsAt, trainStageOf } from '../recipes/paramChanges.ts';
import type { StageRunner } from '../recipes/stageRunner.ts';
import type { RunReport } from './runReport.ts';

export class RunWishes {
  private readonly runner: StageRunner;
  private readonly report: RunReport;
  private wishes: ParamWish[] = [];

  constructor(runner: StageRunner, report: RunReport) {
    this.runner = runner;
    this.report = report;
  }

  /** Throws `config.invalid` for a stage that is over, and for a value that its parameter does not accept or keeps fixed. */
  add(id: StageId, values: ParamValues): void {
    const { config, changes } = this.report.summary;
    const { stage } = trainStageOf(config, id);
    if (this.report.isOver || this.runner.isOver(stage)) {
      const context = { key: 'stage', value: id };
      throw new StudioError('config.invalid', `The stage "${id}" is over.`, 'Start another run.', context);
    }
    changesOf([...this.wishes, { stage: id, values }], config, changes, this.runner.updates);
    this.wishes.push({ stage: id, values });
  }

  /** Between two updates: what somebody wishes goes on record, and the record decides. */
  async land(): Promise<void> {
    const { runner, report } = this;
    const { config, changes } = report.summary;
    const added = changesOf(this.wishes.splice(0), config, changes, runner.updates);
    if (added.length > 0) report.changed(added);
    const { stage, trainer } = runner.current;
    const onRecord = report.summary.changes;
    const isDue = onRecord.some((change) => change.stage === stage.id && change.step === runner.updates);
    if (isDue && trainer !== null && stage.kind === 'train') {
      trainer.setParams(paramsAt(stage, onRecord, runner.updates));
    }
    if (added.length > 0) await report.tellChanged(added);
  }
}
