// Which evaluation belongs to which stage of a recipe, and which ablation step another is to be compared with. Evaluations are keyed
// by the run's steps, stages by their place.
import { inputsOf, type Recipe, stepsBefore, stepsOfStage, type TrainStage } from '../../domain/recipe.ts';
import type { ScoredEvaluation } from './metrics.ts';

export interface AblationScore {
  readonly stage: TrainStage;
  readonly rung: string;
  /** The last one inside the stage: its result once the stage is done. */
  readonly evaluation: ScoredEvaluation;
  /** The evaluation ended the stage: it is over all validation images. */
  readonly isFinal: boolean;
}

/** The scored stages that have been evaluated, in the order of work. */
export function ablationScores(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): readonly AblationScore[] {
  return recipe.stages.flatMap((stage, index) => {
    if (stage.kind !== 'train' || stage.rung === undefined) return [];
    const before = stepsBefore(recipe, index);
    const end = before + stepsOfStage(stage);
    const evaluation = evaluations.findLast(({ step }) => step > before && step <= end);
    const { rung } = stage;
    return evaluation === undefined ? [] : [{ stage, rung, evaluation, isFinal: evaluation.step === end }];
  });
}

/**
 * The ablation step that a stage has to beat: the nearest one whose weights it goes on from, else the one above it. Ablation steps with other
 * numbers of labels are not above each other. Null where there is none.
 */
export function ablationStepBefore(recipe: Recipe, stage: TrainStage): TrainStage | null {
  const ancestor = scoredAncestor(recipe, stage);
  if (ancestor !== null) return ancestor;
  const above = recipe.stages.slice(0, recipe.stages.indexOf(stage)).findLast(isAblationStep);
  return above === undefined || above.labels !== stage.labels ? null : above;
}

function scoredAncestor(recipe: Recipe, stage: TrainStage): TrainStage | null {
  for (const id of Object.values(stage.start ?? {}).map((from) => from.stage)) {
    const from = recipe.stages.find((candidate) => candidate.id === id);
    if (from?.kind !== 'train') continue;
    const found = isAblationStep(from) ? from : scoredAncestor(recipe, from);
    if (found !== null) return found;
  }
  return null;
}

const isAblationStep = (stage: Recipe['stages'][number]): stage is TrainStage =>
  stage.kind === 'train' && stage.rung !== undefined;

/** The result of the ablation step that the newest evaluation is to be compared with. */
export function previousAblationStep(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): AblationScore | null {
  const last = evaluations.at(-1);
  const own = recipe.stages.find((stage, index): stage is TrainStage => {
    const done = (last?.step ?? 0) - stepsBefore(recipe, index);
    return stage.kind === 'train' && done > 0 && done <= stage.steps;
  });
  const before = own === undefined ? null : ablationStepBefore(recipe, own);
  return ablationScores(recipe, evaluations).find(({ stage }) => stage === before) ?? null;
}

/** Numbers of labelled target images. */
export type LabelCount = number | 'all';

export interface LabelCurve {
  readonly rung: string;
  /** No other ablation step goes on from it: what a way of training comes to. */
  readonly isResult: boolean;
  /** Of finished stages. */
  readonly points: readonly { readonly labels: LabelCount; readonly mIoU: number }[];
}

/** The numbers of labels at which the recipe scores ablation steps, from few to all; none where there are fewer than two. */
export function labelCounts(recipe: Recipe): readonly LabelCount[] {
  const size = (count: LabelCount): number => (count === 'all' ? Number.POSITIVE_INFINITY : count);
  const counts = new Set(recipe.stages.filter(isAblationStep).flatMap(({ labels }) => labels ?? []));
  return counts.size < 2 ? [] : [...counts].toSorted((a, b) => size(a) - size(b));
}

/** mIoU against the number of labels, for every ablation step that the recipe reaches with several; results first. */
export function labelCurves(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): readonly LabelCurve[] {
  const steps = recipe.stages.filter(isAblationStep);
  const scores = ablationScores(recipe, evaluations).filter(({ isFinal }) => isFinal);
  const curves = [...new Set(steps.map(({ rung }) => rung ?? ''))].flatMap((rung): LabelCurve[] => {
    const own = steps.filter((stage) => stage.rung === rung);
    if (new Set(own.map(({ labels }) => labels)).size < 2) return [];
    const isResult = own.every((stage) => !steps.some((other) => inputsOf(other).includes(stage.id)));
    const points = scores.flatMap(({ stage, evaluation }) =>
      stage.rung === rung && stage.labels !== undefined ? [{ labels: stage.labels, mIoU: evaluation.scores.mIoU }] : [],
    );
    return [{ rung, isResult, points }];
  });
  return curves.toSorted((a, b) => Number(b.isResult) - Number(a.isResult));
}
