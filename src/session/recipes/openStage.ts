// From a stage's definition to the stage under way, and to what it made of training images once it is done.
import { StudioError } from '../../domain/errors.ts';
import type { StagePictures } from '../../domain/pictures.ts';
import type { Stage } from '../../domain/recipe.ts';
import { labellingOf, openPseudoLabelStage, pseudoLabelledTiles } from './pseudoLabelStage.ts';
import type { OpenStage, StageContext, StageStart } from './stage.ts';
import { openTrainStage } from './trainStage.ts';
import { translatedTiles } from './translatedTiles.ts';
import { openTranslateStage } from './translateStage.ts';

/** Throws `config.invalid`, `config.unmet-need`, `checkpoint.*`, `data.not-found`. */
export function openStage(stage: Stage, start: StageStart, context: StageContext): Promise<OpenStage> {
  switch (stage.kind) {
    case 'train':
      return openTrainStage(stage, start, context);
    case 'translate':
      return openTranslateStage(stage, start, context);
    case 'pseudo-label':
      return openPseudoLabelStage(stage, start, context);
    default:
      return stage satisfies never;
  }
}

/** Training images as a finished stage left them. Throws `data.not-found` for one that made none. */
export async function stageTiles(
  stage: Stage,
  indices: readonly number[],
  context: StageContext,
): Promise<StagePictures> {
  switch (stage.kind) {
    case 'translate':
      return { tiles: await (await translatedTiles(stage.id, context)).read('train', indices), labelling: null };
    case 'pseudo-label':
      return {
        tiles: await (await pseudoLabelledTiles(stage, context)).read('train', indices),
        labelling: await labellingOf(stage, context),
      };
    case 'train':
      throw new StudioError(
        'data.not-found',
        `The stage "${stage.id}" trains a network; it makes no images.`,
        'Choose a stage that translates or labels.',
        { stage: stage.id },
      );
    default:
      return stage satisfies never;
  }
}
