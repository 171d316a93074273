// Scores against the number of labels.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'data-dependency', status: 'finished', share: 1 });

export const scene: Scene = {
  shows: 'Data dependency: scores against the number of labels',
  worker: { hello: { runs: [run] } },
  play: async ({ studio }) => {
    studio.view.setState({ scores: 'labels' });
    await openRun(studio, run.runId);
  },
};
