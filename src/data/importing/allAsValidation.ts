// A dataset seen as nothing but validation: for a folder that was given to evaluate on, whatever its splits say.
import { SPLITS } from '../../domain/dataset.ts';
import type { TileSource } from '../ports.ts';

/** Every tile of `source`, training split first, as one validation split. Nothing is left to train on. */
export function allAsValidation(source: TileSource): TileSource {
  const { train, val } = source.info.splits;
  const info = {
    ...source.info,
    splits: {
      train: { tiles: 0, labelled: 0 },
      val: { tiles: train.tiles + val.tiles, labelled: train.labelled + val.labelled },
    },
  };
  return {
    info,
    read: async (split, indices) => {
      if (split === 'train') return source.read('train', indices);
      const parts = await Promise.all(
        SPLITS.map((of) => {
          const isTrain = of === 'train';
          const own = indices.filter((index) => index < train.tiles === isTrain);
          return source.read(of, isTrain ? own : own.map((index) => index - train.tiles));
        }),
      );
      const queues = parts.map((tiles) => [...tiles]);
      return indices.flatMap((index) => queues[index < train.tiles ? 0 : 1]?.shift() ?? []);
    },
  };
}
