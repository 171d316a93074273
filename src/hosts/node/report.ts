// What a headless run leaves behind: report.json, metrics.csv, weights.safetensors; and a table for the terminal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSES } from '../../domain/classes.ts';
import type { DatasetInfo } from '../../domain/dataset.ts';
import { type MetricFrame, type SegmentationScores, scoresOf } from '../../domain/metrics.ts';
import type { Evaluation, RunSummary } from '../../domain/run.ts';
import { scoreTable } from './scoreTable.ts';

export interface ReportParts {
  readonly directory: string | null;
  readonly summary: RunSummary;
  readonly final: Evaluation;
  /** The same network before its first step; null where the run was continued. */
  readonly untrained: Evaluation | null;
  readonly history: MetricFrame;
  readonly weights: Uint8Array;
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
const counts = ({ id, name, size, splits }: DatasetInfo) => ({ id, name, size, splits });

/** Writes the files (if there is a directory) and returns the text for the terminal. */
export async function writeReport(parts: ReportParts): Promise<string> {
  const { summary, final, untrained, history, directory } = parts;
  const scores = scoresOf(final.confusion);
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
    final: { ...scoresToJson(scores), images: final.images, confusion: [...final.confusion] },
    untrained: before === null ? null : scoresToJson(before),
    best: summary.best,
  };
  if (directory !== null) {
    writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(directory, 'metrics.csv'), metricsCsv(history));
    writeFileSync(join(directory, 'weights.safetensors'), parts.weights);
  }
  const table = scoreTable({ ...(before === null ? {} : { untrained: before }), trained: scores });
  const pace = stepMs === null ? '' : `, ${stepMs.toFixed(0)} ms a step (median)`;
  return `${table}\n${summary.step} steps in ${(parts.trainedMs / 1000).toFixed(0)} s${pace}, ${final.images} validation images${
    directory === null ? '' : `\nWritten to ${directory}`
  }`;
}
