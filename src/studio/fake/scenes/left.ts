// After a reload: the run that was under way is offered first.
import { leftRun, type Scene } from '../scene.ts';

export const scene: Scene = {
  shows: 'An unfinished run to resume after a reload',
  worker: { hello: { runs: [leftRun({ recipe: 'source-only', status: 'running', share: 0.3 })] } },
};
