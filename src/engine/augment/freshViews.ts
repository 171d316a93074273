// Draws the views that a teacher sees of a batch, afresh at every step: the picture itself, mirrored, moved by half a cell of
// the networks' stride of 8, and both. Mild ones: strong colour jitter made worse labels than no views (docs/self-training.md).
import type { RandomStream } from '../../domain/rng.ts';
import { type Affine, affineRows, composed, IDENTITY, inverted, mirroring, translation } from '../ops/core/affine.ts';
import { drawColourJitter } from './colourJitter.ts';

const SHIFT_PIXELS = 4;
const KINDS = [
  { mirrored: false, moved: false },
  { mirrored: true, moved: false },
  { mirrored: false, moved: true },
  { mirrored: true, moved: true },
] as const;

/** How many kinds there are; a batch shows the first ones. */
export const FRESH_VIEWS = KINDS.length;

export interface FreshViewOptions {
  /** Views of each image, 1 to {@link FRESH_VIEWS}; the first is the image as it is. */
  readonly views: number;
  /** Images. */
  readonly batch: number;
  readonly width: number;
  /** Strength of the colour jitter of all views but the first. */
  readonly jitter: number;
}

/** All with a row per view and image, view by view. */
export interface FreshViews {
  /** [views * batch, 6]: where a view shows a pixel of its image. */
  readonly toView: Float32Array;
  /** [views * batch, 6]: the way back. */
  readonly toImage: Float32Array;
  /** [views * batch, 6]: colour factors. */
  readonly colour: Float32Array;
}

export function drawFreshViews(random: RandomStream, { views, batch, width, jitter }: FreshViewOptions): FreshViews {
  const maps = KINDS.slice(0, views).flatMap(({ mirrored, moved }) =>
    Array.from({ length: batch }, (): Affine => {
      const [dx, dy] = [sign(random) * SHIFT_PIXELS, sign(random) * SHIFT_PIXELS];
      return composed(moved ? translation(dx, dy) : IDENTITY, mirrored ? mirroring(width) : IDENTITY);
    }),
  );
  const untouched = drawColourJitter(random, batch, 0);
  const jittered = drawColourJitter(random, (views - 1) * batch, jitter);
  return {
    toView: affineRows(maps),
    toImage: affineRows(maps.map(inverted)),
    colour: Float32Array.from([...untouched, ...jittered]),
  };
}

const sign = (random: RandomStream): number => (random.uniform() < 0.5 ? -1 : 1);
