// A sample of the run's source or target, as it is stored.
import { DATASET_TILES } from '../../bridge/pictures/datasetTiles.ts';
import { spreadIndices } from '../../data/feed/batcher.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: DATASET_TILES,
  when: 'at-once',
  isOffered: () => true,
  draw: async ({ runner, context }, { of, split, count }) => {
    const source = context[of];
    const images = source.info.splits[split].tiles;
    const indices = spreadIndices(images, count);
    return { step: runner.updates, images, indices, tiles: await source.read(split, indices) };
  },
});
