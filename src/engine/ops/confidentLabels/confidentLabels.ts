// A network's own decisions as labels, where it is sure of them. Temperature and threshold come as tensors: they may change
// from step to step (`argmaxConfidence` is for numbers that do not).
import { IGNORE } from '../../../domain/classes.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { argmaxConfidence } from '../argmaxConfidence/argmaxConfidence.ts';
import { assertShape } from '../core/assertShape.ts';
import { withoutGradient } from '../core/withoutGradient.ts';
import type { ConfidentLabels, ConfidentLabelsOptions } from './confidentLabelsOptions.ts';
import { labelsProgram } from './labelKernels.ts';

/** Hard pseudo-labels of `logits` [batch, height, width, classes]. No gradient flows through the decision. */
export function confidentLabels(logits: tf.Tensor4D, options: ConfidentLabelsOptions): ConfidentLabels {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'confidentLabels logits');
  assertShape(options.temperature, [], 'confidentLabels temperature');
  assertShape(options.threshold, [], 'confidentLabels threshold');
  // Raw programs are not on the tape.
  if (canRunPrograms()) return labelsProgram(logits, options);
  const { classes, confidence } = argmaxConfidence(withoutGradient(() => tf.div(logits, options.temperature)));
  const kept = withoutGradient(() => tf.cast<tf.Tensor3D>(tf.greaterEqual(confidence, options.threshold), 'float32'));
  const labels = withoutGradient(() =>
    tf.where<tf.Tensor3D>(tf.cast(kept, 'bool'), classes, tf.fill(classes.shape, IGNORE, 'int32')),
  );
  return { labels, kept };
}
