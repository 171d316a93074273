// UDAS's maximum confidence map: a network's predictions of several augmented views of an image, brought back to the image's
// own frame and made one decision per pixel. Mean and vote are the usual alternatives (test-time augmentation, MixMatch).
import { IGNORE } from '../../../domain/classes.ts';
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import type * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { composedFusion } from './composedFusion.ts';
import { fuse } from './fuseKernels.ts';

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
  /** [views * batch, 6]: where view v of image n (row v * batch + n) shows a pixel of the image (augment/affine.ts). */
  readonly toView: tf.Tensor2D;
  /** [classes]: the confidence from which a pixel is kept. */
  readonly thresholds: tf.Tensor1D;
}

/**
 * Fuses `logits` [views * batch, height, width, classes], view by view. Probabilities are sampled bilinearly; a view takes part
 * at a pixel if more than 0.999 of the sample lies inside it, renormalised. Where none does, confidence and class are 0 and
 * the label is 255. No gradient.
 */
export function fuseViews(logits: tf.Tensor4D, maps: ViewMaps, fusion: Fusion): FusedViews {
  const sizes = assertShape(logits, ['rows', 'height', 'width', 'classes'], 'fuseViews logits');
  assertShape(maps.thresholds, ['classes'], 'fuseViews thresholds', sizes);
  assertShape(maps.toView, ['rows', 6], 'fuseViews toView', sizes);
  const { views } = maps;
  invariant(
    views > 0 && logits.shape[0] % views === 0,
    () => `fuseViews: ${logits.shape[0]} rows of logits are not ${views} views of the same images.`,
  );
  return canRunPrograms() ? fuse(logits, maps, fusion, IGNORE) : composedFusion(logits, maps, fusion);
}
