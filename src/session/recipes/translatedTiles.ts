// The source as a translation left it: the pictures of a finished stage in place of the originals, under the same labels.
import type { TileSource } from '../../data/ports.ts';
import type { StageId } from '../../domain/recipe.ts';
import { ComputedPictures } from './computedStage.ts';
import type { StageContext } from './stage.ts';

/** Throws `data.not-found` before the stage is done. */
export async function translatedTiles(stage: StageId, { source, outputs }: StageContext): Promise<TileSource> {
  const pictures = await ComputedPictures.of(stage, outputs);
  const { info } = source;
  const train = { ...info.splits.train, tiles: pictures.images };
  return {
    info: { ...info, splits: { ...info.splits, train } },
    read: async (split, indices) => {
      const tiles = await source.read(split, indices);
      if (split !== 'train') return tiles;
      const images = await Promise.all(indices.map((index) => pictures.read(index)));
      return tiles.map((tile, i) => ({ ...tile, image: images[i] ?? tile.image }));
    },
  };
}
