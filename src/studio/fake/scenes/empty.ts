// The page as it opens: two domains, and one press away from training.
import type { Scene } from '../scene.ts';

export const scene: Scene = { shows: 'Just opened: nothing was trained yet' };
