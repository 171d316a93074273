// Scores as a table for people: one decimal, percent, an en dash for a class that is nowhere.
import type { ClassSet } from '../../../domain/classes.ts';
import type { Size } from '../../../domain/dataset.ts';
import { type MeanSubset, withMeanOver } from '../../../domain/meanSubsets.ts';
import type { SegmentationScores } from '../../../domain/metrics.ts';

/** What predictions were compared with: labels as their files have them, or shrunk to the size of tiles. */
export const SCORED_AT = ['labels', 'tiles'] as const;
export type ScoredAt = (typeof SCORED_AT)[number];

export const sizeText = ({ width, height }: Size): string => `${width}x${height}`;

/** Sizes of labels that a caption names; the rest is counted. */
const NAMED_SIZES = 3;

/** What a table of scores is called: those of labels that may have been shrunk are never called anything less. */
export function scoreCaption(at: ScoredAt, sizes: readonly Size[]): string {
  const more = sizes.length > NAMED_SIZES ? ` and ${sizes.length - NAMED_SIZES} sizes more` : '';
  const named = `${sizes.slice(0, NAMED_SIZES).map(sizeText).join(', ')}${more}`;
  return at === 'labels' ? `Scores at the labels' own size (${named})` : `Tile-size scores (${named})`;
}

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(1);

/** What a further mean is called in tables. */
export const meanName = ({ id }: MeanSubset): string => `mIoU ${id}`;

/** What it is over. */
export const meanDefinition = (subset: MeanSubset): string =>
  `${meanName(subset)}: mean over those that occur of ${subset.names.join(', ')}`;

/** A row a class, and one for every further mean, with what it is over below; one column per entry of `columns`. */
export function scoreTable(
  columns: Readonly<Record<string, SegmentationScores>>,
  classes: ClassSet,
  means: readonly MeanSubset[] = [],
): string {
  const names = Object.keys(columns);
  const scores = Object.values(columns);
  const rowNames = [...classes.map(({ name }) => name), ...means.map(meanName)];
  const width = Math.max(14, ...rowNames.map(({ length }) => length + 1));
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
    ...means.map((subset) =>
      row(
        meanName(subset),
        scores.map((one) => percent(withMeanOver(one, subset, classes).mIoU)),
      ),
    ),
    ...means.map(meanDefinition),
  ].join('\n');
}
