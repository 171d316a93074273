// Entropy minimisation of ADVENT (Vu et al. 2019, eq. 4).
import { entropyMap } from '../../ops/entropyMap/entropyMap.ts';
import * as tf from '../../tf.ts';

/** Normalised entropy of softmax(`logits`) [batch, height, width, classes], averaged over pixels: 1 for uniform predictions. */
export function minEntropy(logits: tf.Tensor4D): tf.Scalar {
  const [batch, height, width] = logits.shape;
  return tf.div(tf.sum(entropyMap(logits)), batch * height * width);
}
