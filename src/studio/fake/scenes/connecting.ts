// Before the worker has answered.
import type { Scene } from '../scene.ts';

export const scene: Scene = { shows: 'The worker has not answered yet', worker: { silent: true } };
