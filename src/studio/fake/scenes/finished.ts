// The whole ladder, with the score of every ablation step.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'ladder', status: 'finished', share: 1 });

export const scene: Scene = {
  shows: 'The finished ladder, rung by rung',
  worker: { hello: { runs: [run] } },
  play: async ({ studio }) => {
    studio.view.setState({ scores: 'rungs' });
    await openRun(studio, run.runId);
  },
};
