// A sample of the open run's own images, as the dataset has them.
import type { Split, Tile } from '../../domain/dataset.ts';
import { type PictureFrame, pictureKind } from './pictureKind.ts';

interface DatasetTilesAsk {
  readonly of: 'source' | 'target';
  readonly split: Split;
  /** So many images, spread evenly over the split; all of them if it has fewer. */
  readonly count: number;
}

interface DatasetTilesFrame extends PictureFrame {
  /** In the split. */
  readonly images: number;
  /** Of those below, in the split. */
  readonly indices: readonly number[];
  readonly tiles: readonly Tile[];
}

export const DATASET_TILES = pictureKind<DatasetTilesAsk, DatasetTilesFrame>('datasetTiles');
