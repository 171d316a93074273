// What finished stages of the open run made of training images: which stages did, and a sample of it beside the originals.
import { DATASET_TILES } from '../../bridge/pictures/datasetTiles.ts';
import { STAGE_TILES } from '../../bridge/pictures/stageTiles.ts';
import { serialiseError } from '../../domain/errors.ts';
import type { PseudoLabelStage, TranslateStage } from '../../domain/recipe.ts';
import { reportFailure } from './engine.ts';
import type { RunsState } from './runs.ts';
import type { Studio } from './studio.ts';

export type MakingStage = TranslateStage | PseudoLabelStage;

/** Enough to leaf through and to judge classes by. */
const SAMPLE = 24;

const NONE: readonly MakingStage[] = [];

/** The stages of the open run that made pictures and are done, in the order of work. */
export function madeStages({ current, state }: RunsState): readonly MakingStage[] {
  if (current === null || state?.stage == null) return NONE;
  const { stages } = current.config.recipe;
  const done = state.status === 'finished' ? stages.length : state.stage.index;
  return stages.slice(0, done).filter((stage): stage is MakingStage => stage.kind !== 'train');
}

/** Asks for a sample of what the stage made; it lands in the pictures store. */
export async function loadMade(studio: Studio, stage: MakingStage): Promise<void> {
  const { client, runs, pictures } = studio;
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
    pictures.setState({ made: { ...made, stage: stage.id, images, originals } });
  } catch (error) {
    reportFailure(studio.engine, serialiseError(error));
  }
}
