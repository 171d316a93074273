// In the middle of the ladder: pictures, scores, curves, the rail of stages.
import { openRun, playRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'ladder', status: 'running', share: 0.42 });

export const scene: Scene = {
  shows: 'In the middle of the ladder, training goes on',
  worker: { hello: { runs: [run] }, stepMs: 250 },
  play: async ({ studio }) => {
    await openRun(studio, run.runId);
    playRun(studio);
  },
};
