// The worker is gone: only a reload helps.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });

export const scene: Scene = {
  shows: 'The worker has stopped',
  worker: { hello: { runs: [run] } },
  play: async ({ studio, worker }) => {
    await openRun(studio, run.runId);
    worker.client.crashed('out of memory');
  },
};
