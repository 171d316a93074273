// Training diverged: the run can go on from its last checkpoint with a lower learning rate.
import { StudioError, serialiseError } from '../../../domain/errors.ts';
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });
const diverged = new StudioError(
  'train.diverged',
  'loss_seg became NaN at step 412.',
  'Lower the learning rate, and go on from the last checkpoint.',
  { metric: 'loss_seg', step: 412 },
);

export const scene: Scene = {
  shows: 'Training diverged',
  worker: { hello: { runs: [run] } },
  play: async ({ studio, worker }) => {
    await openRun(studio, run.runId);
    const { state } = studio.runs.getState();
    const error = serialiseError(diverged);
    if (state !== null) worker.emit('run.state', { state: { ...state, status: 'failed', error } });
  },
};
