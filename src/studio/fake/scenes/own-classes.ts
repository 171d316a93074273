// A run on many classes of one's own: names as they were given, bars that scroll.
import { openRun } from '../../stores/runActions.ts';
import { leftRun, type Scene } from '../scene.ts';

const classes = Array.from({ length: 33 }, (_, i) => ({
  name: `Class ${i + 1} of mine`,
  rgb: [(i * 53) % 256, (i * 97) % 256, (i * 151) % 256] as const,
}));
const run = { ...leftRun({ recipe: 'ladder', status: 'paused', share: 0.4 }), classes };

export const scene: Scene = {
  shows: 'A run on 33 classes of one’s own',
  worker: { hello: { runs: [run] } },
  play: ({ studio }) => openRun(studio, run.runId),
};
