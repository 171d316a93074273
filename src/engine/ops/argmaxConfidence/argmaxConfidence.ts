// What a network decides and how sure it is. Decisions carry no gradient.
import { canRunPrograms } from '../../gpu/program.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withoutGradient } from '../core/withoutGradient.ts';
import type { Decision } from './decision.ts';
import { decide, maskConfident } from './decisionKernels.ts';

/** Arg-max and largest softmax probability of `logits` / `temperature` [batch, height, width, classes]. */
export function argmaxConfidence(logits: tf.Tensor4D, temperature = 1): Decision {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'argmaxConfidence logits');
  // Raw programs are not on the tape.
  if (canRunPrograms()) return decide(logits, temperature);
  return {
    classes: withoutGradient((): tf.Tensor3D => tf.argMax(logits, -1)),
    confidence: withoutGradient(() => confidenceOf(logits, temperature)),
  };
}

/** 1 where the largest probability reaches `threshold`, else 0; float32 [batch, height, width]. */
export function confidenceMask(logits: tf.Tensor4D, threshold: number, temperature = 1): tf.Tensor3D {
  assertShape(logits, ['batch', 'height', 'width', 'classes'], 'confidenceMask logits');
  if (canRunPrograms()) return maskConfident(logits, threshold, temperature);
  return withoutGradient(() => tf.cast(tf.greaterEqual(confidenceOf(logits, temperature), threshold), 'float32'));
}

/** 1 / sum of exp((z - max z) / temperature): the largest probability, without the others. */
function confidenceOf(logits: tf.Tensor4D, temperature: number): tf.Tensor3D {
  const below = tf.sub(logits, tf.max(logits, -1, true));
  return tf.reciprocal(tf.sum(tf.exp(temperature === 1 ? below : tf.div(below, temperature)), -1));
}
