// The pinned validation images of the open run, what the network made of them last, and what its step looks like inside.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Tile } from '../../domain/dataset.ts';
import type { PinnedImage, PredictionFrame, StagePictures, ViewsFrame } from '../../domain/pictures.ts';
import type { StageId } from '../../domain/recipe.ts';
import { type KeptTally, tallyOfViews } from './keptTally.ts';

export interface PicturesState {
  readonly pinned: readonly PinnedImage[];
  readonly frame: PredictionFrame | null;
  /** Null before somebody looked, and for methods that show nothing. */
  readonly views: ViewsFrame | null;
  /** What the steps that were looked at last kept of their target images, oldest first; of one stage. */
  readonly seen: readonly SeenStep[];
  /** What a finished stage made of training images; null before somebody looked. */
  readonly made: MadePictures | null;
  /** Whose pictures to show of those; null: the newest. */
  readonly madeBy: StageId | null;
}

/** What a finished stage made, beside what it made it of. */
export interface MadePictures extends StagePictures {
  readonly stage: StageId;
  /** Training images that the stage went through. */
  readonly images: number;
  /** The same tiles as the dataset has them: their labels are the truth, where there is any. */
  readonly originals: readonly Tile[];
}

export interface SeenStep {
  readonly stage: StageId;
  /** The run's updates before it. */
  readonly step: number;
  readonly tally: KeptTally;
}

export const NO_PICTURES: PicturesState = {
  pinned: [],
  frame: null,
  views: null,
  seen: [],
  made: null,
  madeBy: null,
};

/** So many steps count: enough images for rare classes, few enough to follow a change. */
const SEEN_STEPS = 16;

export function addViews(pictures: StoreApi<PicturesState>, views: ViewsFrame): void {
  const tally = tallyOfViews(views);
  pictures.setState(({ seen }) => {
    const same = seen.filter(({ stage, step }) => stage === views.stage && step < views.step);
    const added = tally === null ? [] : [{ stage: views.stage, step: views.step, tally }];
    return { views, seen: [...same, ...added].slice(-SEEN_STEPS) };
  });
}

export function createPicturesStore(): StoreApi<PicturesState> {
  return createStore(() => NO_PICTURES);
}
