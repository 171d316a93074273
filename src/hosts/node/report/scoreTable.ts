// Scores as a table for people: one decimal, percent, an en dash for a class that is nowhere.
import type { ClassSet } from '../../../domain/classes.ts';
import type { SegmentationScores } from '../../../domain/metrics.ts';

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(1);

/** A row a class; one column per entry of `columns`. */
export function scoreTable(columns: Readonly<Record<string, SegmentationScores>>, classes: ClassSet): string {
  const names = Object.keys(columns);
  const scores = Object.values(columns);
  const width = Math.max(14, ...classes.map(({ name }) => name.length + 2));
  const row = (name: string, cells: readonly string[]) =>
    name.padEnd(width) + cells.map((cell) => cell.padStart(12)).join('');
  return [
    row('IoU, %', names),
    ...classes.map(({ name }, index) =>
      row(
        name,
        scores.map(({ iou }) => percent(iou[index])),
      ),
    ),
    row(
      'mIoU',
      scores.map(({ mIoU }) => percent(mIoU)),
    ),
    row(
      'over classes',
      scores.map(({ classesCounted }) => String(classesCounted)),
    ),
    row(
      'aAcc',
      scores.map(({ aAcc }) => percent(aAcc)),
    ),
  ].join('\n');
}
