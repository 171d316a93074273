// Pictures of a run that somebody asks for: of a step, of what a stage made, of pinned validation images.
import type { Size, Tile } from './dataset.ts';
import type { ViewSpec } from './method.ts';
import type { PseudoLabelStatistics } from './pseudoLabels.ts';
import type { StageId } from './recipe.ts';

/** A picture of each image of a batch, as bytes: three a pixel for an image; 255 is 1 in a map. */
export interface StepView extends ViewSpec {
  readonly count: number;
  /** A map may be smaller than the images. */
  readonly size: Size;
  readonly values: Uint8Array;
}

/** What the step after `step` sees and makes of its images. */
export interface ViewsFrame {
  readonly step: number;
  readonly stage: StageId;
  readonly views: readonly StepView[];
}

/** What a finished stage made of training images. */
export interface StagePictures {
  readonly tiles: readonly Tile[];
  /**
   * Of all its pseudo-labels, not of these images alone: the confidence from which each class is kept (0..1), and
   * what that leaves. Null for a stage that made none.
   */
  readonly labelling: { readonly thresholds: readonly number[]; readonly statistics: PseudoLabelStatistics } | null;
}

/** The pictures of one pinned validation image. Photo and truth do not change and are sent once. */
export interface PinnedImage {
  readonly index: number;
  readonly name: string;
  readonly size: Size;
  readonly image: Uint8Array;
  readonly labels: Uint8Array | null;
}

/** What the network makes of the pinned images at `step`; one entry per pinned image, in order. */
export interface PredictionFrame {
  readonly step: number;
  readonly predictions: readonly {
    /** Arg-max class per pixel. */
    readonly classes: Uint8Array;
    /** Largest softmax probability times 65535, rounded down: comparing with floor(tau * 65535) is exact. */
    readonly confidence: Uint16Array;
  }[];
}
