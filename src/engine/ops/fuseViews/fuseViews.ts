// UDAS's maximum confidence map: a network's predictions of several augmented views of an image, brought back to the image's
// own frame and made one decision per pixel. Mean and vote are the usual alternatives (test-time augmentation, MixMatch).
import { IGNORE } from '../../../domain/classes.ts';
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import type * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { composedFusion } from './composedFusion.ts';
import { fuse } from './fuseKernels.ts';
import type { FusedViews, Fusion, ViewMaps } from './fusion.ts';

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
