// The drawer of stored runs, long enough to scroll.
import type { RunStatus } from '../../../domain/run.ts';
import { RECORDED } from '../recorded.ts';
import { leftRun, press, type Scene } from '../scene.ts';

const STATUSES: readonly RunStatus[] = ['finished', 'stopped', 'finished', 'failed', 'paused'];
const NAMES = ['amber-otter', 'sunny-spruce', 'rapid-garden', 'quiet-harbour-of-the-long-names'];

const runs = Array.from({ length: 15 }, (_, at) => {
  const status = STATUSES[at % STATUSES.length] ?? 'finished';
  const recipe = RECORDED.recipes[at % RECORDED.recipes.length]?.id ?? 'source-only';
  const share = status === 'finished' ? 1 : (at % 7) / 8;
  return leftRun({ recipe, status, share, ordinal: at + 1, name: `${NAMES[at % NAMES.length]}-${at + 1}` });
});

export const scene: Scene = {
  shows: 'Fifteen stored runs in their drawer',
  worker: { hello: { runs } },
  play: () => press('runs-open'),
};
