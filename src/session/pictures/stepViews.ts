// What the step under way looks at, as its method draws it.
import { STEP_VIEWS } from '../../bridge/pictures/stepViews.ts';
import { definePicture } from './core/definePicture.ts';

export const picture = definePicture({
  kind: STEP_VIEWS,
  when: 'between-steps',
  isOffered: ({ runner }) => (runner.current.trainer?.info.views ?? []).length > 0,
  draw: async ({ runner }) => {
    const { stage, views } = runner.current;
    return { step: runner.updates, stage: stage.id, views: (await views?.()) ?? [] };
  },
});
