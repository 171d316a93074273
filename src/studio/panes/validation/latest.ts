// The newest predictions on the pinned images, and what the threshold on screen keeps of them.
import { IGNORE } from '../../../domain/classes.ts';
import type { PredictionFrame } from '../../../domain/pictures.ts';
import { coveragePerClass, EMPTY_TALLY, rightPerClass, thresholdWord, withDecisions } from '../../stores/keptTally.ts';
import { dataOf, paneData } from '../../stores/pictures.ts';
import type { Kept, PaneState } from '../core/definePane.ts';

export const LATEST = paneData<PredictionFrame | null>(null);

export function newest(_: PredictionFrame | null, frame: PredictionFrame): PredictionFrame {
  return frame;
}

export function tallyLatest({ pictures, view: { threshold } }: PaneState): Kept | null {
  const frame = dataOf(pictures, LATEST);
  if (frame === null) return null;
  const least = thresholdWord(threshold);
  const tally = frame.predictions.reduce((sum, { classes, confidence }, i) => {
    const labels = classes.map((c, pixel) => ((confidence[pixel] ?? 0) >= least ? c : IGNORE));
    return withDecisions(sum, { images: 1, decided: classes, labels, truth: pictures.pinned[i]?.labels ?? null });
  }, EMPTY_TALLY);
  return {
    caption: 'panes.validation.note',
    images: tally.images,
    threshold,
    coverage: coveragePerClass(tally),
    right: rightPerClass(tally),
  };
}
