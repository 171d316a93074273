// Colour jitter against TensorFlow.js’s composition.
import { caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { colourJitter } from './colourJitter.ts';

export const benches: readonly OpBench[] = [
  { name: 'colour jitter', pass: 'forward', open: ({ batch, height, width }) => jitterCase([batch, height, width, 3]) },
];

function jitterCase(shape: Shape4D): OpBenchCase {
  const images = uniformTensor(shape, 'images') as tf.Tensor4D;
  const factors = uniformTensor([shape[0], 6], 'factors', 0.6, 1.4) as tf.Tensor2D;
  return caseOf(shape, {
    ours: () => [colourJitter(images, factors)],
    stock: () => [jittered(images, factors)],
    operands: { images, factors },
    maps: 3,
  });
}

/** Contrast about the image's mean, saturation about the pixel's, offsets; columns of `factors` [batch, 6]. */
function jittered(images: tf.Tensor4D, factors: tf.Tensor2D): tf.Tensor4D {
  const [batch] = images.shape;
  const [contrast, saturation, brightness, ...offsets] = tf.split(factors, 6, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    ...tf.Tensor[],
  ];
  const perImage = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch, 1, 1, x.size / batch]);
  const mean = tf.mean(images, [1, 2, 3], true);
  const contrasted = tf.add(tf.mul(tf.sub(images, mean), perImage(contrast)), mean);
  const grey = tf.mean(contrasted, 3, true);
  const saturated = tf.add(tf.mul(tf.sub(contrasted, grey), perImage(saturation)), grey);
  const shifted = tf.add(saturated, tf.add(perImage(brightness), perImage(tf.concat(offsets, 1))));
  return tf.clipByValue(shifted, -1.2, 1.2) as tf.Tensor4D;
}
