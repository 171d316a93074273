// A run: what was asked for, where it stands, what it measured.
import type { ClassSet } from './classes.ts';
import type { DatasetRef } from './dataset.ts';
import type { DeviceInfo } from './device.ts';
import type { SerialisedError } from './errors.ts';
import type { ParamValue, ParamValues } from './params.ts';
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
  /** What its labels and scores tell apart; absent: Cityscapes' classes, as in all old runs. Read by `classesOf`. */
  readonly classes?: ClassSet;
  /** Counts the runs of a store in the order in which they began; absent in old runs, which are the oldest. */
  readonly order?: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly best: { readonly step: number; readonly mIoU: number } | null;
  readonly last: { readonly step: number; readonly mIoU: number } | null;
  /** The device it ran on last. */
  readonly device: DeviceInfo | null;
}

/** Something among the stored runs that cannot be read: of another version, or damaged. The others are none the worse for it. */
export interface UnreadableRun {
  readonly runId: RunId;
  readonly reason: SerialisedError;
}

/** A checkpoint that was set aside. */
export interface RunSnapshot {
  readonly runId: RunId;
  readonly step: number;
  readonly savedAtMs: number;
}

/** One evaluation on the validation split: confusion[truth * classes + prediction] in pixels. */
export interface Evaluation {
  readonly step: number;
  readonly images: number;
  readonly confusion: Float64Array;
}
