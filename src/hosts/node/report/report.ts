// What a headless run leaves behind: report.json, metrics.csv, weights.safetensors; and a table for the terminal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSES } from '../../../domain/classes.ts';
import type { DatasetInfo } from '../../../domain/dataset.ts';
import { type MetricFrame, type SegmentationScores, scoresOf } from '../../../domain/metrics.ts';
import { type Recipe, stepsBefore, stepsOfStage } from '../../../domain/recipe.ts';
import type { Evaluation, RunSummary } from '../../../domain/run.ts';
import type { RungResult } from './rungTable.ts';
import { scoreTable } from './scoreTable.ts';

export interface ReportParts {
  readonly directory: string | null;
  readonly summary: RunSummary;
  /** Of the network as it was left; null where the stage under way has none to score. */
  readonly final: Evaluation | null;
  /** The same network before its first step; null where the run was continued. */
  readonly untrained: Evaluation | null;
  readonly history: MetricFrame;
  /** Those that are done. */
  readonly rungs: readonly RungResult[];
  readonly weights: Uint8Array | null;
  readonly trainedMs: number;
  readonly source: DatasetInfo;
  readonly target: DatasetInfo;
}

export function scoresToJson(scores: SegmentationScores) {
  return {
    mIoU: scores.mIoU,
    aAcc: scores.aAcc,
    classesCounted: scores.classesCounted,
    pixels: scores.pixels,
    iou: Object.fromEntries(CLASSES.map(({ name, trainId }) => [name, scores.iou[trainId] ?? null])),
  };
}

/** Long form: step,key,value. */
function metricsCsv(history: MetricFrame): string {
  const rows = Object.entries(history).flatMap(([key, { steps, values }]) =>
    [...steps].map((step, i) => [step, key, values[i] ?? Number.NaN] as const),
  );
  rows.sort((a, b) => a[0] - b[0]);
  return `step,key,value\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

const median = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;

/** What was asked of every stage, what it cost, and what it reached. */
function stagesToJson(recipe: Recipe, history: MetricFrame, rungs: readonly RungResult[]) {
  return recipe.stages.map((stage, index) => {
    const from = stepsBefore(recipe, index);
    const to = from + stepsOfStage(stage);
    const within = (key: string): number[] => {
      const { steps, values } = history[key] ?? { steps: [], values: [] };
      return [...values].filter((_, i) => (steps[i] ?? 0) > from && (steps[i] ?? 0) <= to);
    };
    const result = rungs.find((rung) => rung.stage === stage.id);
    return {
      ...stage,
      msPerStep: median(within('sys/step_ms')),
      dispatchesPerStep: within('sys/dispatches').at(-1) ?? null,
      stepMegabytes: within('sys/step_mb').at(-1) ?? null,
      validation: result === undefined ? null : scoresToJson(result.validation),
      test: result === undefined || result.test === null ? null : scoresToJson(result.test),
    };
  });
}

const counts = ({ id, name, size, splits }: DatasetInfo) => ({ id, name, size, splits });

/** Writes the files (if there is a directory) and returns the text for the terminal. */
export async function writeReport(parts: ReportParts): Promise<string> {
  const { summary, final, untrained, history, directory } = parts;
  const scores = final === null ? null : scoresOf(final.confusion);
  const before = untrained === null ? null : scoresOf(untrained.confusion);
  const stepMs = median([...(history['sys/step_ms']?.values ?? [])]);
  const report = {
    config: summary.config,
    seed: summary.config.seed,
    device: summary.device,
    data: { source: counts(parts.source), target: counts(parts.target) },
    steps: summary.step,
    msPerStep: stepMs,
    dispatchesPerStep: history['sys/dispatches']?.values.at(-1) ?? null,
    trainedMs: parts.trainedMs,
    stages: stagesToJson(summary.config.recipe, history, parts.rungs),
    changes: summary.changes,
    final:
      final === null || scores === null
        ? null
        : { ...scoresToJson(scores), images: final.images, confusion: [...final.confusion] },
    untrained: before === null ? null : scoresToJson(before),
    best: summary.best,
  };
  if (directory !== null) {
    writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(directory, 'metrics.csv'), metricsCsv(history));
    if (parts.weights !== null) writeFileSync(join(directory, 'weights.safetensors'), parts.weights);
  }
  const table =
    scores === null ? '' : scoreTable({ ...(before === null ? {} : { untrained: before }), trained: scores });
  const pace = stepMs === null ? '' : `, ${stepMs.toFixed(0)} ms a step (median)`;
  const images = final === null ? '' : `, ${final.images} validation images`;
  return `${table}\n${summary.step} steps in ${(parts.trainedMs / 1000).toFixed(0)} s${pace}${images}${
    directory === null ? '' : `\nWritten to ${directory}`
  }`;
}
