// The GPU was lost in the middle of a run.
import { StudioError, serialiseError } from '../../../domain/errors.ts';
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });
const lost = new StudioError(
  'gpu.device-lost',
  'The GPU stopped working: A valid external Instance reference no longer exists.',
  'Reload the page and resume the run: it was saved.',
  { reason: 'unknown' },
);

export const scene: Scene = {
  shows: 'The GPU was lost while a run trained',
  worker: { hello: { runs: [run] } },
  play: async ({ studio, worker }) => {
    await openRun(studio, run.runId);
    const { state } = studio.runs.getState();
    const error = serialiseError(lost);
    if (state !== null) worker.emit('run.state', { state: { ...state, status: 'failed', error } });
  },
};
