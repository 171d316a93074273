// ADVENT's weighted self-information (Vu et al. 2019, eq. 3): what its discriminator looks at.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';
import { entropyProgram } from './entropyKernels.ts';

/** -p * log(p) / log(classes) per class, p = softmax(`logits`) [batch, height, width, classes]; sums to 1 for uniform p. */
export function entropyMap(logits: tf.Tensor4D): tf.Tensor4D {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'entropyMap logits');
  if (canRunPrograms()) {
    return withGradient(
      [logits],
      () => ({ value: entropyProgram(logits, null), kept: { logits } }),
      (dy, { logits }) => entropyProgram(logits, dy),
    );
  }
  const logProbabilities = tf.logSoftmax(logits);
  const scale = -1 / Math.log(logits.shape[3]);
  return tf.mul(tf.mul(tf.exp(logProbabilities), logProbabilities), scale);
}
