// A run: what was asked for, where it stands, what it measured.
import type { DatasetRef, Size, Tile } from './dataset.ts';
import type { SerialisedError } from './errors.ts';
import type { ParamSpecs, ParamValue, ParamValues } from './params.ts';
import type { PseudoLabelStatistics } from './pseudoLabels.ts';
import type { Recipe, Stage, StageId } from './recipe.ts';

export type RunId = string & { readonly __brand: 'RunId' };

/** Everything that decides a run's numbers. Stored whole with the run: loading it reproduces the run. */
export interface RunConfig {
  readonly schemaVersion: 2;
  readonly seed: number;
  readonly source: DatasetRef;
  readonly target: DatasetRef;
  /** Dataset whose validation split is evaluated; null: the target's own. */
  readonly validation: DatasetRef | null;
  /** How many target training images may show their labels, where a stage does not say: the first N of a seeded permutation. */
  readonly labelledTargets: number;
  readonly network: string;
  /** Of the network's own specs; its defaults where absent. */
  readonly networkParams?: ParamValues;
  /** The run's output with the weights that its segmentation networks begin with, where no stage says otherwise; absent: random. */
  readonly initialWeights?: string;
  readonly recipe: Recipe;
  /** Evaluate on the validation split every so many steps of a stage, and at its end. */
  readonly evaluateEvery: number;
  /** Validation images per evaluation while running; the one that ends a stage always takes all. 0: all. */
  readonly evaluationImages: number;
}

export type RunStatus = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';

export interface RunState {
  readonly runId: RunId;
  readonly status: RunStatus;
  /** Optimiser updates done and to do, over all stages: what charts are drawn over. */
  readonly step: number;
  readonly steps: number;
  /** The stage under way, the last one when all are done; null before the run is prepared. */
  readonly stage: StageState | null;
  readonly stepsPerSecond: number | null;
  readonly leftMs: number | null;
  readonly error: SerialisedError | null;
}

export interface StageState {
  readonly index: number;
  readonly id: StageId;
  readonly kind: Stage['kind'];
  /** Updates or images. */
  readonly done: number;
  readonly total: number;
}

/** A parameter that somebody changed while the run was under way; replayed when the run is resumed before it. */
export interface ParamChange {
  /** The run's updates when it landed: the next one was the first that it acted on. */
  readonly step: number;
  readonly stage: StageId;
  readonly param: string;
  readonly from: ParamValue;
  readonly to: ParamValue;
}

export interface RunSummary {
  readonly runId: RunId;
  readonly name: string;
  readonly config: RunConfig;
  readonly status: RunStatus;
  /** Updates done, over all stages. */
  readonly step: number;
  /** Which stage is under way, and how many of its updates or images are done; `stage` counts them all when all are done. */
  readonly progress: { readonly stage: number; readonly done: number };
  readonly changes: readonly ParamChange[];
  /**
   * Target training images when the run began: those that show their labels are drawn from these, however many arrive later.
   * Null before that, and in old runs.
   */
  readonly targetTiles: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly best: { readonly step: number; readonly mIoU: number } | null;
  readonly last: { readonly step: number; readonly mIoU: number } | null;
  /** The device it ran on last. */
  readonly device: DeviceInfo | null;
}

/** One evaluation on the validation split: confusion[truth * 19 + prediction] in pixels. */
export interface Evaluation {
  readonly step: number;
  readonly images: number;
  readonly confusion: Float64Array;
}

export type BackendName = 'webgpu' | 'webgl' | 'cpu';

export interface DeviceInfo {
  readonly backend: BackendName;
  /** Vendor, architecture or description as the adapter tells them; empty where it does not. */
  readonly adapter: string;
  readonly software: boolean;
  readonly shaderF16: boolean;
  readonly maxBufferBytes: number | null;
  readonly maxBindingBytes: number | null;
  /** Why a better backend is not used; null if this is the best there is. */
  readonly fallbackReason: string | null;
}

/** What comes out of a method: a network that labels pixels, or one that gives source images the target's look. */
export type ProductKind = 'segmenter' | 'translator';

/** What a method says about itself; crosses the bridge, so it holds no functions. */
export interface MethodInfo {
  readonly id: string;
  readonly produces: ProductKind;
  /** The paper it comes from. */
  readonly citation: string;
  readonly needs: {
    readonly sourceLabels: boolean;
    readonly targetImages: boolean;
    /** Needs N > 0 labelled target images. */
    readonly targetLabels: boolean;
    /** Needs target images that a teacher has labelled. */
    readonly pseudoLabels?: boolean;
  };
  readonly params: ParamSpecs;
  /** Metrics it reports each step, under `train/`. */
  readonly losses: readonly string[];
  /** Pictures it can give of a step; none where absent. */
  readonly views?: readonly ViewInfo[];
}

/** What a picture of a step shows. `image`: RGB. `label`: a train id per pixel, 255 = none. `map`: a share from 0 to 1. */
export interface ViewInfo {
  readonly name: string;
  readonly kind: 'image' | 'label' | 'map';
}

/** A picture of each image of a batch, as bytes: three a pixel for an image; 255 is 1 in a map. */
export interface StepView extends ViewInfo {
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

export interface NetworkInfo {
  readonly id: string;
  /** Weights, also those it keeps fixed; of its defaults, as the cost below. */
  readonly parameters: number;
  /** Sides must be multiples of this. */
  readonly sizeMultiple: number;
  /** Multiply-adds times two of one forward pass at 128 x 64. */
  readonly flopsAt128x64: number;
  /** What can be chosen when it is built; absent: nothing. */
  readonly params?: ParamSpecs;
}

/** What a finished stage made of training images. */
export interface StagePictures {
  readonly tiles: readonly Tile[];
  /**
   * Of all its pseudo-labels, not of these images alone: the confidence from which each class is kept (19 entries, 0..1), and
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
