// Segmentation metrics from one global confusion matrix: confusion[truth * classes + prediction], whole-set counts.
// IoU = TP / (TP + FP + FN), as in the Cityscapes evaluator; never an average of per-image values.
import { invariant } from './errors.ts';

/** Metric ids are paths, as in TensorBoard and Weights & Biases: `train/loss_seg`, `sys/step_ms`. */
export type MetricKey = string;

/** What a person looks at together: what is minimised, the steps' sizes, what tells how well it goes, what it costs. */
export type MetricGroup = 'loss' | 'rate' | 'quality' | 'system';

/** What a metric says about itself where it is computed; crosses the bridge. */
export interface MetricSpec {
  readonly key: MetricKey;
  /** In English: what the studio shows where it has no text under `metrics.<key>`. */
  readonly label: string;
  readonly group: MetricGroup;
  /** Written behind its name; empty for bare numbers, shares from 0 to 1 among them. */
  readonly unit: string;
  /** Which way is better, where one is. */
  readonly better?: 'up' | 'down';
}

/** What a stored run holds and nobody declares any more: drawn, under its key. */
export function undeclaredMetric(key: MetricKey): MetricSpec {
  return { key, label: key, group: 'quality', unit: '' };
}

/** What every evaluation gives ({@link scoresOf}). */
export const VALIDATION_METRICS = {
  mIoU: { key: 'val/mIoU', label: 'mIoU', group: 'quality', unit: '%', better: 'up' },
  aAcc: { key: 'val/aAcc', label: 'pixel acc', group: 'quality', unit: '%', better: 'up' },
} as const satisfies Record<string, MetricSpec>;

export interface SegmentationScores {
  /** Percent per class; null where the class is absent from truth and prediction alike. */
  readonly iou: readonly (number | null)[];
  /** Percent: mean IoU over the classes that are not null. NaN if there is none. */
  readonly mIoU: number;
  /** Percent: pixel accuracy. */
  readonly aAcc: number;
  /** How many classes the mean was taken over. */
  readonly classesCounted: number;
  /** Labelled pixels that were counted. */
  readonly pixels: number;
}

export function scoresOf(confusion: ArrayLike<number>): SegmentationScores {
  const classes = Math.sqrt(confusion.length);
  invariant(Number.isInteger(classes), () => `A confusion matrix is square; this one has ${confusion.length} cells.`);
  const truth = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let correct = 0;
  let pixels = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const count = confusion[t * classes + p] ?? 0;
      truth[t] = (truth[t] ?? 0) + count;
      predicted[p] = (predicted[p] ?? 0) + count;
      pixels += count;
      if (t === p) correct += count;
    }
  }
  const iou = Array.from({ length: classes }, (_, c) => {
    const hit = confusion[c * classes + c] ?? 0;
    const union = (truth[c] ?? 0) + (predicted[c] ?? 0) - hit;
    return union === 0 ? null : (100 * hit) / union;
  });
  return { iou, ...meanOver(iou), aAcc: pixels === 0 ? Number.NaN : (100 * correct) / pixels, pixels };
}

/** The mean of the values that are not null, NaN if there is none, and how many they are. */
export function meanOver(iou: SegmentationScores['iou']): Pick<SegmentationScores, 'mIoU' | 'classesCounted'> {
  const counted = iou.filter((value): value is number => value !== null);
  const mIoU = counted.length === 0 ? Number.NaN : counted.reduce((sum, value) => sum + value, 0) / counted.length;
  return { mIoU, classesCounted: counted.length };
}

/** A piece of one metric's history. */
export interface MetricSeries {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}
/** What was measured since the last frame, per metric; frames append. */
export type MetricFrame = Readonly<Record<MetricKey, MetricSeries>>;
