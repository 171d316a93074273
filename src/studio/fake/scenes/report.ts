// The look at a folder, before anything is imported.
import { inspectFiles } from '../../stores/importActions.ts';
import type { Scene } from '../scene.ts';

export const scene: Scene = {
  shows: 'The import report of a folder, with broken files',
  play: ({ studio }) => inspectFiles(studio, [{ path: 'my-city/leftImg8bit/train/aachen/a.png', open: null }]),
};
