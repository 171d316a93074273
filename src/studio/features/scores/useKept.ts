// What the pictures on screen keep of each class, and at which threshold: of the validation images at the slider's, of the
// steps that were looked at at their stage's own, of all stored pseudo-labels at the one that they were stored with.
import { useMemo } from 'react';
import { IGNORE } from '../../../domain/classes.ts';
import type { MethodInfo } from '../../../domain/method.ts';
import type { PinnedImage, PredictionFrame } from '../../../domain/pictures.ts';
import {
  coveragePerClass,
  EMPTY_TALLY,
  type KeptTally,
  mergeTallies,
  rightPerClass,
  thresholdWord,
  withDecisions,
} from '../../stores/keptTally.ts';
import type { MadePictures, SeenStep } from '../../stores/pictures.ts';
import type { RunsState } from '../../stores/runs.ts';
import { lastChange, stageParam } from '../../stores/stageParams.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { usePanes } from '../../stores/usePanes.ts';
import type { Pane } from '../../stores/view.ts';

export interface Kept {
  readonly pane: Pane;
  readonly images: number;
  /** From this confidence on a pixel is kept, 0..1; `perClass`: at most from this on. Null where a method knows no such number. */
  readonly threshold: number | null;
  readonly perClass: boolean;
  /** Percent per class, null where there is nothing to measure: kept of decided, and right of kept. */
  readonly coverage: readonly (number | null)[];
  readonly right: readonly (number | null)[];
}

/** Null where the pictures hold no decisions. */
export function useKept(): Kept | null {
  const { pane } = usePanes();
  const pictures = useStudioState('pictures', (state) => state);
  const runs = useStudioState('runs', (state) => state);
  const slider = useStudioState('view', (state) => state.threshold);
  const methods = useStudioState('engine', (state) => state.methods);
  return useMemo(() => {
    const { pinned, frame, seen, made } = pictures;
    if (pane === 'validation') return frame === null ? null : ofFrame(pinned, frame, slider);
    if (pane === 'made') return made === null ? null : ofMade(made);
    return ofSteps(seen, runs, methods);
  }, [pictures, runs, pane, slider, methods]);
}

const shares = (tally: KeptTally) => ({ coverage: coveragePerClass(tally), right: rightPerClass(tally) });

function ofFrame(pinned: readonly PinnedImage[], frame: PredictionFrame, threshold: number): Kept {
  const least = thresholdWord(threshold);
  const tally = frame.predictions.reduce((sum, { classes, confidence }, i) => {
    const labels = classes.map((c, pixel) => ((confidence[pixel] ?? 0) >= least ? c : IGNORE));
    return withDecisions(sum, { images: 1, decided: classes, labels, truth: pinned[i]?.labels ?? null });
  }, EMPTY_TALLY);
  return { pane: 'validation', images: tally.images, threshold, perClass: false, ...shares(tally) };
}

/** Steps since the threshold was changed last: one number holds for all of them. */
function ofSteps(
  seen: readonly SeenStep[],
  { current, changes }: RunsState,
  methods: readonly MethodInfo[],
): Kept | null {
  const stage = current?.config.recipe.stages.find(({ id }) => id === seen.at(-1)?.stage);
  if (stage?.kind !== 'train') return null;
  const params = methods.find(({ id }) => id === stage.method)?.params ?? {};
  const [name = null, spec] = Object.entries(params).find(([, { role }]) => role === 'threshold') ?? [];
  const threshold = name === null || spec === undefined ? null : Number(stageParam(stage, changes, name, spec.default));
  const since = name === null ? 0 : (lastChange(stage, changes, name)?.step ?? 0);
  const tally = mergeTallies(seen.filter(({ step }) => step >= since).map((one) => one.tally));
  return { pane: 'step', images: tally.images, threshold, perClass: false, ...shares(tally) };
}

/** Coverage is of all stored labels; precision of those of the sample whose truth is known. */
function ofMade({ labelling, images, tiles, originals }: MadePictures): Kept | null {
  if (labelling === null) return null;
  const judged = tiles.reduce((sum, { labels }, i) => {
    if (labels === null) return sum;
    return withDecisions(sum, { images: 1, decided: labels, labels, truth: originals[i]?.labels ?? null });
  }, EMPTY_TALLY);
  const { thresholds, statistics } = labelling;
  return {
    pane: 'made',
    images,
    threshold: Math.max(...thresholds),
    perClass: new Set(thresholds).size > 1,
    coverage: statistics.classes.map(({ coverage }) => (coverage === null ? null : 100 * coverage)),
    right: rightPerClass(judged),
  };
}
