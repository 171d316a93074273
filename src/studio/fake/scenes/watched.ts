// Another tab trains the run that is open here.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });

export const scene: Scene = {
  shows: 'A run that another tab trains',
  worker: { hello: { runs: [run] }, isWatched: true },
  play: ({ studio }) => openRun(studio, run.runId),
};
