// Where a run stands in its recipe: which stage is open, how far it is, and the way to the next one.
import { invariant, StudioError } from '../../domain/errors.ts';
import { type Recipe, type Stage, stepsBefore } from '../../domain/recipe.ts';
import type { ParamChange, RunSummary, StageState } from '../../domain/run.ts';
import type { Trainer } from '../../engine/training/trainer.ts';
import { paramsAt } from './paramChanges.ts';
import type { OpenStage, StageStart } from './stage.ts';

type Open = (stage: Stage, start: StageStart) => Promise<OpenStage>;

export class StageRunner {
  private readonly recipe: Recipe;
  private readonly open: Open;
  private index: number;
  private isOpen = true;
  /** The stage under way; the last one when all are done. */
  current: OpenStage;
  /** All stages are done. */
  isThrough: boolean;

  private constructor(recipe: Recipe, open: Open, index: number, current: OpenStage, isThrough: boolean) {
    this.recipe = recipe;
    this.open = open;
    this.index = index;
    this.current = current;
    this.isThrough = isThrough;
  }

  /** Opens the stage that the summary stands in, at `checkpoint` if there is one. */
  static async at(
    { config: { recipe }, progress, changes }: RunSummary,
    checkpoint: Uint8Array | null,
    open: Open,
  ): Promise<StageRunner> {
    const isThrough = progress.stage >= recipe.stages.length;
    const index = isThrough ? recipe.stages.length - 1 : progress.stage;
    const stage = recipe.stages[index];
    invariant(stage, () => `The recipe "${recipe.id}" has no stage ${index}.`);
    const done = isThrough ? Number.POSITIVE_INFINITY : progress.done;
    const current = await open(stage, startOf(recipe, index, changes, checkpoint, done));
    return new StageRunner(recipe, open, index, current, isThrough);
  }

  /** The run's updates before this stage: charts and records count from the run's beginning. */
  get firstStep(): number {
    return stepsBefore(this.recipe, this.index);
  }

  /** The run's updates so far. */
  get updates(): number {
    return this.firstStep + (this.current.trainer?.step ?? 0);
  }

  /** Whether the stage under way has a network to score, to show and to export. */
  get makesPredictions(): boolean {
    return this.current.trainer?.product.kind === 'segmenter';
  }

  /** The last step is taken: what is left is to leave outputs. */
  get isStageDone(): boolean {
    return this.current.done >= this.current.total;
  }

  get progress(): RunSummary['progress'] {
    return this.isThrough
      ? { stage: this.recipe.stages.length, done: 0 }
      : { stage: this.index, done: this.current.done };
  }

  get state(): StageState {
    const { stage, done, total } = this.current;
    return { index: this.index, id: stage.id, kind: stage.kind, done, total };
  }

  /** Whether a stage that is not the one under way has been done. */
  isOver(stage: Stage): boolean {
    return this.isThrough || this.recipe.stages.indexOf(stage) < this.index;
  }

  /** From a stage whose outputs are stored to the next. `between` saves the run as it then stands. */
  async advance(changes: readonly ParamChange[], between: () => Promise<void>): Promise<void> {
    const next = this.recipe.stages[this.index + 1];
    if (next === undefined) {
      this.isThrough = true;
      return;
    }
    await between();
    this.dispose();
    this.current = await this.open(next, startOf(this.recipe, this.index + 1, changes, null, 0));
    this.index += 1;
    this.isOpen = true;
  }

  dispose(): void {
    if (this.isOpen) this.current.dispose();
    this.isOpen = false;
  }
}

/** The trainer of a stage that trains a segmentation network. Throws `config.unmet-need` for any other. */
export function segmenterOf({ trainer, stage }: OpenStage): Trainer {
  if (trainer?.product.kind === 'segmenter') return trainer;
  throw new StudioError(
    'config.unmet-need',
    `The stage "${stage.id}" trains no segmentation network.`,
    'Wait for the next stage.',
    { stage: stage.id },
  );
}

function startOf(
  recipe: Recipe,
  index: number,
  changes: readonly ParamChange[],
  checkpoint: Uint8Array | null,
  done: number,
): StageStart {
  const stage = recipe.stages[index];
  if (stage?.kind !== 'train') return { checkpoint, done, params: {} };
  const updates = Math.min(done, stage.steps);
  return { checkpoint, done: updates, params: paramsAt(stage, changes, stepsBefore(recipe, index) + updates) };
}
