// What the step under way looks at, as its method draws it.
import { STEP_VIEWS } from '../../bridge/pictures/stepViews.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: STEP_VIEWS,
  when: 'between-steps',
  isOffered: ({ walk }) => (walk.current.trainer?.info.views ?? []).length > 0,
  draw: async ({ walk }) => {
    const { stage, views } = walk.current;
    return { step: walk.updates, stage: stage.id, views: (await views?.()) ?? [] };
  },
});
