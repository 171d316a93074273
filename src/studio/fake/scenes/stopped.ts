// A run was stopped, and can be played on.
import { openRun, stopRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });

export const scene: Scene = {
  shows: 'A run that was stopped',
  worker: { hello: { runs: [run] } },
  play: async ({ studio }) => {
    await openRun(studio, run.runId);
    stopRun(studio);
  },
};
