// The tables of a recipe over several seeds: mean and spread per ablation step, per class, and per number of labels.
import type { ClassSet } from '../../../domain/classes.ts';
import { type MeanSubset, withMeanOver } from '../../../domain/meanSubsets.ts';
import type { SegmentationScores } from '../../../domain/metrics.ts';
import { meanName } from './scoreTable.ts';

/** What one seed reached on one ablation step. */
export interface AblationResult {
  readonly seed: number;
  readonly stage: string;
  readonly rung: string;
  /** As the recipe says; null where it leaves it to the run. */
  readonly labels: number | 'all' | null;
  readonly validation: SegmentationScores;
  /** On images that no choice depended on; null where there are none. */
  readonly test: SegmentationScores | null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample standard deviation; NaN for a single value. */
export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

const summary = (values: readonly number[]): string =>
  values.length === 0
    ? '–'
    : values.length === 1
      ? mean(values).toFixed(1)
      : `${mean(values).toFixed(1)} ± ${spread(values).toFixed(1)}`;

const groupBy = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
};

const lines = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  return rows
    .map((row) =>
      row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))).join('  '),
    )
    .join('\n');
};

const rowName = ({ rung, labels }: AblationResult): string => (labels === null ? rung : `${rung} @${labels}`);

/** A row an ablation step: mIoU on validation (mean and spread, then each seed), the gain over the row above, mIoU on test. */
export function ladderTable(results: readonly AblationResult[]): string {
  let above: number | null = null;
  const rows = [...groupBy(results, rowName)].map(([name, group]) => {
    const values = group.map(({ validation }) => validation.mIoU);
    const gain = above === null ? '' : signed(mean(values) - above);
    above = mean(values);
    const test = group.flatMap((result) => (result.test === null ? [] : [result.test.mIoU]));
    return [name, summary(values), values.map((value) => value.toFixed(1)).join(' / '), gain, summary(test)];
  });
  return lines([['rung', 'mIoU, %', 'per seed', 'gain', 'test mIoU'], ...rows]);
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;

/** A row a class, a column an ablation step: IoU, mean over the seeds that have the class. */
export function classTable(
  results: readonly AblationResult[],
  classes: ClassSet,
  means: readonly MeanSubset[] = [],
): string {
  const groups = [...groupBy(results, rowName)];
  const cell = (group: readonly AblationResult[], index: number): string => {
    const values = group.flatMap(({ validation }) => validation.iou[index] ?? []);
    return values.length === 0 ? '–' : mean(values).toFixed(1);
  };
  return lines([
    ['IoU, %', ...groups.map(([name]) => name)],
    ...classes.map(({ name }, index) => [name, ...groups.map(([, group]) => cell(group, index))]),
    ['mIoU', ...groups.map(([, group]) => summary(group.map(({ validation }) => validation.mIoU)))],
    ['aAcc', ...groups.map(([, group]) => summary(group.map(({ validation }) => validation.aAcc)))],
    ...means.map((subset) => [
      meanName(subset),
      ...groups.map(([, group]) =>
        summary(group.map(({ validation }) => withMeanOver(validation, subset, classes).mIoU)),
      ),
    ]),
  ]);
}

/** A row an ablation step, a column a number of labels; null where the recipe names no numbers. */
export function labelTable(results: readonly AblationResult[]): string | null {
  const counted = results.filter(({ labels }) => labels !== null);
  if (counted.length === 0) return null;
  const columns = [...new Set(counted.map(({ labels }) => String(labels)))];
  const rows = [...groupBy(counted, ({ rung }) => rung)].map(([rung, group]) => [
    rung,
    ...columns.map((column) =>
      summary(group.filter(({ labels }) => String(labels) === column).map(({ validation }) => validation.mIoU)),
    ),
  ]);
  return lines([['mIoU, %, at N labels', ...columns], ...rows]);
}
