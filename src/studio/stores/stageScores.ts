// Which evaluation belongs to which stage of a recipe. Evaluations are keyed by the run's steps, stages by their place.
import { type Recipe, stepsBefore, stepsOfStage, type TrainStage } from '../../domain/recipe.ts';
import type { ScoredEvaluation } from './metrics.ts';

export interface RungScore {
  readonly stage: TrainStage;
  readonly rung: string;
  /** The last one inside the stage: its result once the stage is done. */
  readonly evaluation: ScoredEvaluation;
}

/** The scored stages that have been evaluated, in the order of work. */
export function rungScores(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): readonly RungScore[] {
  return recipe.stages.flatMap((stage, index) => {
    if (stage.kind !== 'train' || stage.rung === undefined) return [];
    const before = stepsBefore(recipe, index);
    const evaluation = evaluations.findLast(({ step }) => step > before && step <= before + stepsOfStage(stage));
    return evaluation === undefined ? [] : [{ stage, rung: stage.rung, evaluation }];
  });
}

/** The result of the rung before the one that the newest evaluation belongs to: what it has to beat. */
export function previousRung(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): RungScore | null {
  const last = evaluations.at(-1);
  const earlier = rungScores(recipe, evaluations).filter(({ evaluation }) => evaluation.step < (last?.step ?? 0));
  const own = rungScores(recipe, evaluations).find(({ evaluation }) => evaluation === last);
  return earlier.filter(({ stage }) => stage !== own?.stage).at(-1) ?? null;
}
