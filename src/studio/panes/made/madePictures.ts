// What finished stages of the open run made of training images: which stages did, a sample of it beside the originals, and
// what the thresholds left of each class.
import { DATASET_TILES } from '../../../bridge/pictures/datasetTiles.ts';
import { STAGE_TILES } from '../../../bridge/pictures/stageTiles.ts';
import type { Tile } from '../../../domain/dataset.ts';
import { serialiseError } from '../../../domain/errors.ts';
import type { StagePictures } from '../../../domain/pictures.ts';
import type { Stage, StageId, TrainStage } from '../../../domain/recipe.ts';
import { reportFailure } from '../../stores/engine.ts';
import { EMPTY_TALLY, rightPerClass, withDecisions } from '../../stores/keptTally.ts';
import { dataOf, paneData, putData } from '../../stores/pictures.ts';
import type { RunsState } from '../../stores/runs.ts';
import type { Studio } from '../../stores/studio.ts';
import type { Kept, PaneState } from '../core/definePane.ts';

export type MakingStage = Exclude<Stage, TrainStage>;

/** What a finished stage made, beside what it made it of. */
export interface MadePictures extends StagePictures {
  readonly stage: StageId;
  /** Training images that the stage went through. */
  readonly images: number;
  /** The same tiles as the dataset has them: their labels are the truth, where there is any. */
  readonly originals: readonly Tile[];
}

export const MADE = paneData<MadePictures | null>(null);

/** Enough to leaf through and to judge classes by. */
const SAMPLE = 24;

const NONE: readonly MakingStage[] = [];

/** Whether a stage makes pictures. */
export function isMaking(stage: Stage): stage is MakingStage {
  return stage.kind !== 'train';
}

/** The stages of the open run that made pictures and are done, in the order of work. */
export function madeStages({ current, state }: RunsState): readonly MakingStage[] {
  if (current === null || state?.stage == null) return NONE;
  const { stages } = current.config.recipe;
  const done = state.status === 'finished' ? stages.length : state.stage.index;
  return stages.slice(0, done).filter(isMaking);
}

/** Asks for a sample of what the stage made. */
export async function loadMade({ client, runs, pictures, engine }: Studio, stage: MakingStage): Promise<void> {
  const { current } = runs.getState();
  if (current === null) return;
  const { runId } = current;
  const of = stage.kind === 'translate' ? 'source' : 'target';
  try {
    const sample = await client.pull(runId, DATASET_TILES, -1, { of, split: 'train', count: SAMPLE });
    if (sample === null) return;
    const { images, indices, tiles: originals } = sample;
    const made = await client.pull(runId, STAGE_TILES, -1, { stage: stage.id, indices });
    if (made === null || runs.getState().current?.runId !== runId) return;
    putData(pictures, MADE, { ...made, stage: stage.id, images, originals });
  } catch (error) {
    reportFailure(engine, serialiseError(error));
  }
}

/** Coverage is of all stored labels; precision of those of the sample whose truth is known. */
export function tallyMade({ pictures }: PaneState): Kept | null {
  const made = dataOf(pictures, MADE);
  if (made === null || made.labelling === null) return null;
  const { labelling, images, tiles, originals } = made;
  const evaluated = tiles.reduce((sum, { labels }, i) => {
    if (labels === null) return sum;
    return withDecisions(sum, { images: 1, decided: labels, labels, truth: originals[i]?.labels ?? null });
  }, EMPTY_TALLY);
  const { thresholds, statistics } = labelling;
  return {
    caption: new Set(thresholds).size > 1 ? 'panes.made.noteClassWise' : 'panes.made.note',
    images,
    threshold: Math.max(...thresholds),
    coverage: statistics.classes.map(({ coverage }) => (coverage === null ? null : 100 * coverage)),
    right: rightPerClass(evaluated),
  };
}
