// What is told of a headless run at its end: as JSON, and as a table for the terminal.
import { type ClassSet, classesOf } from '../../../domain/classes.ts';
import type { DatasetInfo } from '../../../domain/dataset.ts';
import { type MeanSubset, withMeanOver } from '../../../domain/meanSubsets.ts';
import { type MetricFrame, type SegmentationScores, scoresOf } from '../../../domain/metrics.ts';
import { type Recipe, stepsBefore, stepsOfStage } from '../../../domain/recipe.ts';
import type { Evaluation, RunSummary } from '../../../domain/run.ts';
import type { AblationResult } from './ablationTable.ts';
import { type ScoredAt, scoreCaption, scoreTable } from './scoreTable.ts';

export interface ReportParts {
  readonly summary: RunSummary;
  /** Of the network as it was left; null where the stage under way has none to score. */
  readonly final: Evaluation | null;
  /** The same network before its first step; null where the run was continued. */
  readonly untrained: Evaluation | null;
  readonly history: MetricFrame;
  /** Those that are done. */
  readonly ablation: readonly AblationResult[];
  readonly trainedMs: number;
  readonly source: DatasetInfo;
  readonly target: DatasetInfo;
  /** Over which classes else the mean is to be taken. */
  readonly means: readonly MeanSubset[];
}

export function scoresToJson(scores: SegmentationScores, classes: ClassSet, means: readonly MeanSubset[]) {
  return {
    mIoU: scores.mIoU,
    aAcc: scores.aAcc,
    classesCounted: scores.classesCounted,
    pixels: scores.pixels,
    iou: Object.fromEntries(classes.map(({ name }, index) => [name, scores.iou[index] ?? null])),
    means: means.map((subset) => {
      const { mIoU, classesCounted } = withMeanOver(scores, subset, classes);
      return { id: subset.id, classes: subset.names, mIoU, classesCounted };
    }),
  };
}

const median = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;

/** What was asked of every stage, what it cost, and what it reached. */
function stagesToJson(
  recipe: Recipe,
  history: MetricFrame,
  ablation: readonly AblationResult[],
  toJson: (scores: SegmentationScores) => ReturnType<typeof scoresToJson>,
) {
  return recipe.stages.map((stage, index) => {
    const from = stepsBefore(recipe, index);
    const to = from + stepsOfStage(stage);
    const within = (key: string): number[] => {
      const { steps, values } = history[key] ?? { steps: [], values: [] };
      return [...values].filter((_, i) => (steps[i] ?? 0) > from && (steps[i] ?? 0) <= to);
    };
    const result = ablation.find((step) => step.stage === stage.id);
    return {
      ...stage,
      msPerStep: median(within('sys/step_ms')),
      dispatchesPerStep: within('sys/dispatches').at(-1) ?? null,
      stepMegabytes: within('sys/step_mb').at(-1) ?? null,
      validation: result === undefined ? null : toJson(result.validation),
      test: result === undefined || result.test === null ? null : toJson(result.test),
    };
  });
}

const counts = ({ id, name, size, splits }: DatasetInfo) => ({ id, name, size, splits });

/** What report.json holds. */
export type RunReport = ReturnType<typeof reportOf>;

export function reportOf(parts: ReportParts) {
  const { summary, final, untrained, history } = parts;
  const classes = classesOf(summary);
  const toJson = (scores: SegmentationScores) => scoresToJson(scores, classes, parts.means);
  return {
    config: summary.config,
    classes: classes.map(({ name, rgb }) => ({ name, rgb })),
    seed: summary.config.seed,
    device: summary.device,
    /** A run looks at tiles alone; `evaluate` scores at the labels' own size. */
    scoredAt: 'tiles' satisfies ScoredAt,
    data: { source: counts(parts.source), target: counts(parts.target) },
    steps: summary.step,
    msPerStep: medianOf('sys/step_ms', history),
    dispatchesPerStep: history['sys/dispatches']?.values.at(-1) ?? null,
    trainedMs: parts.trainedMs,
    stages: stagesToJson(summary.config.recipe, history, parts.ablation, toJson),
    changes: summary.changes,
    final:
      final === null
        ? null
        : { ...toJson(scoresOf(final.confusion)), images: final.images, confusion: [...final.confusion] },
    untrained: untrained === null ? null : toJson(scoresOf(untrained.confusion)),
    best: summary.best,
  };
}

const medianOf = (key: string, history: MetricFrame): number | null => median([...(history[key]?.values ?? [])]);

/** The text for the terminal. */
export function reportText({ summary, final, untrained, history, trainedMs, target, means }: ReportParts): string {
  const before = untrained === null ? {} : { untrained: scoresOf(untrained.confusion) };
  const table =
    final === null ? '' : scoreTable({ ...before, trained: scoresOf(final.confusion) }, classesOf(summary), means);
  const stepMs = medianOf('sys/step_ms', history);
  const pace = stepMs === null ? '' : `, ${stepMs.toFixed(0)} ms a step (median)`;
  const images = final === null ? '' : `, ${final.images} validation images`;
  const caption = final === null ? '' : scoreCaption('tiles', [target.size]);
  return `${caption}\n${table}\n${summary.step} steps in ${(trainedMs / 1000).toFixed(0)} s${pace}${images}`;
}
