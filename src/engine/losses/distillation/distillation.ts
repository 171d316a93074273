// Losses between two predictions: a student and its teacher, or a network's two heads.

import { assertShape } from '../../ops/core/assertShape.ts';
import { withGradient } from '../../ops/core/withGradient.ts';
import { withoutGradient } from '../../ops/core/withoutGradient.ts';
import { pixelCrossEntropy } from '../../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import * as tf from '../../tf.ts';

const MAP = ['batch', 'height', 'width', 'classes'] as const;

/** Mean over pixels of KL(softmax(teacher / temperature) || softmax(student)); no gradient to the teacher. */
export function softLabelKl(
  student: tf.Tensor4D,
  teacher: tf.Tensor4D,
  { temperature = 1 }: { readonly temperature?: number } = {},
): tf.Scalar {
  assertShape(teacher, MAP, 'softLabelKl teacher', assertShape(student, MAP, 'softLabelKl student'));
  const pixels = student.size / student.shape[3];
  return withGradient(
    [student],
    () => {
      const logTeacher = tf.logSoftmax(temperature === 1 ? teacher : tf.div(teacher, temperature));
      const target = tf.exp(logTeacher);
      const logStudent = tf.logSoftmax(student);
      const value: tf.Scalar = tf.div(tf.sum(tf.mul(target, tf.sub(logTeacher, logStudent))), pixels);
      return { value, kept: { logStudent, target } };
    },
    (dy, { logStudent, target }) => tf.mul(tf.sub(tf.exp(logStudent), target), tf.div(dy, pixels)),
  );
}

/** Mean over pixels and classes of (softmax(student) - softmax(teacher))^2 (Mean Teacher); no gradient to the teacher. */
export function consistencyMse(student: tf.Tensor4D, teacher: tf.Tensor4D): tf.Scalar {
  assertShape(teacher, MAP, 'consistencyMse teacher', assertShape(student, MAP, 'consistencyMse student'));
  const target = withoutGradient(() => tf.softmax(teacher));
  return tf.mean(tf.square(tf.sub(tf.softmax(student), target)));
}

/** p^(1/temperature), renormalised over classes (MixMatch, Berthelot et al. 2019, eq. 7). `probabilities` [batch, height, width, classes]. */
export function sharpen(probabilities: tf.Tensor4D, temperature: number): tf.Tensor4D {
  assertShape(probabilities, MAP, 'sharpen probabilities');
  const powered = tf.pow(probabilities, 1 / temperature);
  return tf.div(powered, tf.sum(powered, -1, true));
}

export interface VarianceRectified {
  readonly loss: tf.Scalar;
  /** KL(softmax(aux) || softmax(main)) per pixel [batch, height, width]. */
  readonly variance: tf.Tensor3D;
}

/**
 * Rectified pseudo-label loss (Zheng and Yang 2021): mean(exp(-variance) * CE(main, labels)) + mean(variance), both means
 * over all pixels. Gradients flow to both heads. `classReduction` sums (their current code) or averages the KL over classes.
 */
export function klVariance(
  { main, aux, labels }: { readonly main: tf.Tensor4D; readonly aux: tf.Tensor4D; readonly labels: tf.Tensor3D },
  { classReduction }: { readonly classReduction: 'sum' | 'mean' },
): VarianceRectified {
  assertShape(aux, MAP, 'klVariance aux', assertShape(main, MAP, 'klVariance main'));
  const logMain = tf.logSoftmax(main);
  const logAux = tf.logSoftmax(aux);
  const divergence = tf.mul(tf.exp(logAux), tf.sub(logAux, logMain));
  const variance: tf.Tensor3D = classReduction === 'sum' ? tf.sum(divergence, -1) : tf.mean(divergence, -1);
  const rectified = tf.mul(tf.exp(tf.neg(variance)), pixelCrossEntropy(main, labels));
  return { loss: tf.add(tf.mean(rectified), tf.mean(variance)), variance };
}
