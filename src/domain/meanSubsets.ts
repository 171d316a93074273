// Means of IoU over chosen classes: numbers of papers compare only over the same ones.
import { CITYSCAPES_CLASSES, type ClassSet } from './classes.ts';
import { meanOver, type SegmentationScores } from './metrics.ts';

/** Classes by name that a mean is taken over. */
export interface MeanSubset {
  readonly id: string;
  readonly names: readonly string[];
}

function allBut(id: string, ...left: readonly string[]): MeanSubset {
  return { id, names: CITYSCAPES_CLASSES.map(({ name }) => name).filter((name) => !left.includes(name)) };
}

/** SYNTHIA to Cityscapes: the classes that SYNTHIA has, and those of them that early papers count (mIoU*). */
export const MEAN_SUBSETS: readonly MeanSubset[] = [
  allBut('16', 'terrain', 'truck', 'train'),
  allBut('13', 'terrain', 'truck', 'train', 'wall', 'fence', 'pole'),
];

/** Whether a set has all the classes of the subset. */
export function isOffered({ names }: MeanSubset, classes: ClassSet): boolean {
  return names.every((wanted) => classes.some(({ name }) => name === wanted));
}

/** The scores with the mean over the classes of the subset alone: those of them that occur, as for all classes. */
export function withMeanOver(scores: SegmentationScores, { names }: MeanSubset, classes: ClassSet): SegmentationScores {
  return { ...scores, ...meanOver(scores.iou.filter((_, c) => names.includes(classes[c]?.name ?? ''))) };
}
