// What a finished stage made of training images: translated source tiles, or target tiles with its pseudo-labels.
import type { StagePictures } from '../../domain/pictures.ts';
import type { StageId } from '../../domain/recipe.ts';
import { type PictureFrame, pictureKind } from './pictureKind.ts';

interface StageTilesAsk {
  readonly stage: StageId;
  /** Of training images. */
  readonly indices: readonly number[];
}

export const STAGE_TILES = pictureKind<StageTilesAsk, PictureFrame & StagePictures>('stageTiles');
