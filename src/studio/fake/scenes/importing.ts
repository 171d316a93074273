// An import under way.
import { inspectFiles, startImport } from '../../stores/importActions.ts';
import type { Scene } from '../scene.ts';

export const scene: Scene = {
  shows: 'An import under way, its dataset chosen as target',
  worker: { importMs: 2000 },
  play: async ({ studio }) => {
    await inspectFiles(studio, [{ path: 'my-city/leftImg8bit/train/aachen/a.png', open: null }]);
    const options = { name: 'my-city', size: { width: 128, height: 64 }, mode: 'resize', holdOut: 0 } as const;
    await startImport(studio, options, 'target');
  },
};
