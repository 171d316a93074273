// Training images as a finished stage left them.
import { STAGE_TILES } from '../../bridge/pictures/stageTiles.ts';
import { StudioError } from '../../domain/errors.ts';
import { stageTiles } from '../recipes/openStage.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: STAGE_TILES,
  when: 'at-once',
  isOffered: () => true,
  draw: async ({ runner, context }, { stage: id, indices }) => {
    const stage = context.config.recipe.stages.find((candidate) => candidate.id === id);
    if (stage !== undefined) return { step: runner.updates, ...(await stageTiles(stage, indices, context)) };
    throw new StudioError('data.not-found', `The run has no stage "${id}".`, 'Choose a stage of its recipe.', { id });
  },
});
