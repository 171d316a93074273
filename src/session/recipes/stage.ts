// A stage under way, whatever its kind, as the run session sees it, and what the stages of a run share.
import type { TileSource } from '../../data/ports.ts';
import type { ClassSet } from '../../domain/classes.ts';
import type { ParamValues } from '../../domain/params.ts';
import type { StepView } from '../../domain/pictures.ts';
import type { Stage, TrainStage } from '../../domain/recipe.ts';
import type { RunConfig } from '../../domain/run.ts';
import type { TrainEvent } from '../../engine/training/train.ts';
import type { Trainer } from '../../engine/training/trainer.ts';
import type { TrainedWith } from '../../engine/training/weights.ts';
import type { Validation } from '../run/validation.ts';
import type { StageOutputs } from './stageOutputs.ts';

/** What a stage yields: training tells about its updates, everything else about the images it has done. */
export type StageEvent = TrainEvent | { readonly kind: 'computed'; readonly done: number };

export interface OpenStage {
  readonly stage: Stage;
  /** Updates or images. */
  readonly total: number;
  /** Of them; changes only while `events` is pulled. */
  readonly done: number;
  /** Null for a stage that trains nothing. */
  readonly trainer: Trainer | null;
  /** Ends when the stage is through. Pulled again by a later session, it goes on where the checkpoint was taken. */
  readonly events: AsyncGenerator<StageEvent, void, void>;
  /** The state of this moment; what happens later does not show in it. Not while `events` is being pulled. */
  checkpoint(): Promise<Uint8Array>;
  /** Pictures of a step on the images that were fetched last; none before the first, or where the method has none. */
  readonly views?: () => Promise<readonly StepView[]>;
  /** Stores what later stages ask for. */
  leaveOutputs(): Promise<void>;
  dispose(): void;
}

/** What a run's stages share. */
export interface StageContext {
  readonly config: RunConfig;
  readonly source: TileSource;
  readonly target: TileSource;
  readonly validation: Validation;
  /** What all of them tell apart. */
  readonly classes: ClassSet;
  /** Target training images when the run began: the labelled ones are drawn from these, however many arrive later. */
  readonly targetTiles: number;
  readonly outputs: StageOutputs;
  readonly nowMs: () => number;
}

/** Where a stage begins: anew, or where a checkpoint of it was taken. */
export interface StageStart {
  readonly checkpoint: Uint8Array | null;
  /** Updates or images done at the checkpoint. */
  readonly done: number;
  /** A training stage's parameters at that moment. */
  readonly params: ParamValues;
}

/** How many target images may show their labels to a stage. */
export function labelsOf(stage: TrainStage, config: RunConfig, target: TileSource): number {
  const { labels = config.labelledTargets } = stage;
  return labels === 'all' ? target.info.splits.train.labelled : labels;
}

/** What the files of the run's weights say about their training. */
export function trainedWith({ source, classes }: Pick<StageContext, 'source' | 'classes'>): TrainedWith {
  return { size: source.info.size, classes };
}
