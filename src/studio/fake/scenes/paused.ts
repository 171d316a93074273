// A run that waits.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'paused', share: 0.5 });

export const scene: Scene = {
  shows: 'A paused run',
  worker: { hello: { runs: [run] } },
  play: ({ studio }) => openRun(studio, run.runId),
};
