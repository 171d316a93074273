// A folder that cannot be read.
import { StudioError } from '../../../domain/errors.ts';
import { inspectFiles } from '../../stores/importActions.ts';
import type { Scene } from '../scene.ts';

const unknown = new StudioError('data.unknown-layout', 'No pairs among 3 files of "holiday".', 'Arrange them.');

export const scene: Scene = {
  shows: 'A folder whose layout nobody knows',
  worker: { report: unknown },
  play: ({ studio }) => inspectFiles(studio, [{ path: 'holiday/beach.jpg', open: null }]),
};
