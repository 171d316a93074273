// The GPU was lost and came back, and the run went on.
import { StudioError, serialiseError } from '../../../domain/errors.ts';
import { openRun, playRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });
const reason = serialiseError(
  new StudioError('gpu.device-lost', 'The GPU stopped working.', '', { reason: 'unknown' }),
);

export const scene: Scene = {
  shows: 'A run that went on after the GPU was lost',
  worker: { hello: { runs: [run] }, stepMs: 250 },
  play: async ({ studio }) => {
    await openRun(studio, run.runId);
    playRun(studio);
    studio.engine.setState({ recovery: { reason, run: { step: run.step, repeated: 12 } } });
  },
};
