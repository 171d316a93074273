// The worker has died again and again: only a reload helps.
import { serialiseError } from '../../../domain/errors.ts';
import { reportFailure } from '../../stores/engine.ts';
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });

export const scene: Scene = {
  shows: 'The worker has stopped',
  worker: { hello: { runs: [run] } },
  play: async ({ studio, worker }) => {
    await openRun(studio, run.runId);
    studio.engine.setState({ connection: 'lost' });
    reportFailure(studio.engine, serialiseError(worker.client.crashed('out of memory')));
  },
};
