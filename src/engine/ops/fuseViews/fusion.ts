// How views become one decision: what is chosen, given and returned. The arithmetic is fuseViews.ts.
import type * as tf from '../../tf.ts';

/**
 * `max`: the view with the largest probability decides. `mean`: the largest mean probability. `vote`: the class that most
 * views decide for, of equals the one with the larger mean probability.
 */
export type Fusion = 'max' | 'mean' | 'vote';
export const FUSIONS: readonly Fusion[] = ['max', 'mean', 'vote'];

/** All [batch, height, width]. */
export interface FusedViews {
  /** The class where the confidence reaches its class's threshold, else 255; int32. */
  readonly labels: tf.Tensor3D;
  /** The class, whatever its confidence; int32. */
  readonly classes: tf.Tensor3D;
  /** `max`: the winning probability; else the mean probability of the class. float32 */
  readonly confidence: tf.Tensor3D;
  /** The view that is surest, the first of equals; int32. */
  readonly view: tf.Tensor3D;
  /** How many views decide for the class; int32. */
  readonly agreeing: tf.Tensor3D;
}

export interface ViewMaps {
  /** Views of each image. */
  readonly views: number;
  /** [views * batch, 6]: where view v of image n (row v * batch + n) shows a pixel of the image (ops/core/affine.ts). */
  readonly toView: tf.Tensor2D;
  /** [classes]: the confidence from which a pixel is kept. */
  readonly thresholds: tf.Tensor1D;
}
