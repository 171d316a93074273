// What keeps a training stream honest: it reads the training split only, and only those labels that its stage declares.
// The batcher never asks for more; if it ever does, training stops here instead of reporting a result that is too good.
import type { TileSource } from '../../data/ports.ts';
import type { Tile } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import type { StageId } from '../../domain/recipe.ts';

/** Which training images may show their labels: all, none, or those of these indices. */
export type LabelAccess = 'all' | 'none' | ReadonlySet<number>;

/** `tiles` for the training of `stage`. Reading anything but `access` allows throws `data.protected`. */
export function guardedTiles(tiles: TileSource, stage: StageId, access: LabelAccess): TileSource {
  const refuse = (what: string): never => {
    throw new StudioError(
      'data.protected',
      `The stage "${stage}" asked for ${what} of "${tiles.info.name}".`,
      'This is a defect of the studio or of the recipe: its scores would not be what they claim. Please report it.',
      { stage, dataset: tiles.info.name },
    );
  };
  const mayShow = (index: number): boolean => access === 'all' || (access !== 'none' && access.has(index));
  return {
    get info() {
      return tiles.info;
    },
    read: async (split, indices) => {
      if (split !== 'train') refuse(`${indices.length} ${split} images`);
      const read = await tiles.read(split, indices);
      return read.map((tile, i) => (mayShow(indices[i] ?? -1) ? tile : withoutLabels(tile, refuse)));
    },
  };
}

function withoutLabels({ name, image }: Tile, refuse: (what: string) => never): Tile {
  return {
    name,
    image,
    get labels() {
      return refuse(`the labels of "${name}"`);
    },
  };
}
