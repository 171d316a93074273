// UDAS's maximum confidence map: of several augmented views of an image, every pixel takes the decision of the view that
// is surest about it. The views come mapped back to the image's geometry.
import { IGNORE } from '../../../domain/classes.ts';
import { invariant } from '../../../domain/errors.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../assertShape.ts';
import { withoutGradient } from '../withoutGradient.ts';

export interface MaxConfidence {
  /** Largest probability over views and classes, float32 [batch, height, width]. */
  readonly confidence: tf.Tensor3D;
  /** Class of the winning view, int32. */
  readonly classes: tf.Tensor3D;
  /** Index of the winning view, int32; the first on a tie. */
  readonly view: tf.Tensor3D;
  /** 1 where the confidence reaches the threshold, float32. */
  readonly keep: tf.Tensor3D;
  /** The class where kept, else the ignore label, int32. */
  readonly labels: tf.Tensor3D;
}

/** Fuses `views`, probabilities [batch, height, width, classes] each. No gradient. */
export function maxConfidenceView(
  views: readonly tf.Tensor4D[],
  { threshold, ignore = IGNORE }: { readonly threshold: number; readonly ignore?: number },
): MaxConfidence {
  const [first, ...others] = views.map((view) => withoutGradient(() => tf.clone(view)));
  invariant(first !== undefined, () => 'maxConfidenceView needs at least one view.');
  const sizes = assertShape(first, ['batch', 'height', 'width', 'classes'], 'maxConfidenceView view');
  const filled = (value: number): tf.Tensor3D =>
    tf.fill([first.shape[0], first.shape[1], first.shape[2]], value, 'int32');
  let confidence = tf.max<tf.Tensor3D>(first, -1);
  let classes: tf.Tensor3D = tf.argMax(first, -1);
  let view = filled(0);
  others.forEach((probabilities, i) => {
    assertShape(probabilities, ['batch', 'height', 'width', 'classes'], 'maxConfidenceView view', sizes);
    const own: tf.Tensor3D = tf.max(probabilities, -1);
    const wins: tf.Tensor3D = tf.greater(own, confidence);
    confidence = tf.maximum<tf.Tensor3D>(own, confidence);
    const decided: tf.Tensor3D = tf.argMax(probabilities, -1);
    classes = tf.where(wins, decided, classes);
    view = tf.where(wins, filled(i + 1), view);
  });
  const kept: tf.Tensor3D = tf.greaterEqual(confidence, threshold);
  const labels = tf.where(kept, classes, filled(ignore));
  return { confidence, classes, view, keep: tf.cast<tf.Tensor3D>(kept, 'float32'), labels };
}
