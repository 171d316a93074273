// The network `lite` and its small discriminator once more, written plainly in TensorFlow.js: what the training step is
// measured against. engine/networks/lite.ts is the original.

import { enlarge } from '../../src/engine/ops/resizeBilinear/resizeBilinear.bench.ts';
import * as tf from '../../src/engine/tf.ts';
import { convolve, type DilationWay, normalise, type Weights } from './stockLayers.ts';

/** Images [batch, height, width, 3] to class scores [batch, height, width, 19]. */
export function stockLite(weights: Weights, images: tf.Tensor4D, way: DilationWay): tf.Tensor4D {
  const unit = (name: string, x: tf.Tensor4D, stride = 1, dilation = 1): tf.Tensor4D =>
    tf.relu(normalise(weights, `${name}.1`, convolve(weights, `${name}.0`, x, { stride, dilation, way })));
  const block = (name: string, x: tf.Tensor4D, dilation: number): tf.Tensor4D => {
    const inside = unit(`${name}.b`, unit(`${name}.a`, x), 1, dilation);
    return tf.relu(tf.add(x, normalise(weights, `${name}.n`, convolve(weights, `${name}.c`, inside, { way }))));
  };
  const atHalf = unit('s1', images, 2);
  const atQuarter = unit('s2.1', unit('s2.0', atHalf, 2));
  let x = unit('s3', atQuarter, 2);
  [1, 2, 4].forEach((dilation, i) => {
    x = block(`blocks.${i}`, x, dilation);
  });
  const branches = [unit('aspp.0', x), ...[1, 2, 4].map((rate, i) => unit(`aspp.${i + 1}`, x, 1, rate))];
  const wide = unit('red', tf.concat(branches, 3));
  const decoded = unit('mix', tf.concat([enlarge(wide), atQuarter], 3));
  const scores = tf.add(convolve(weights, 'head', decoded, { way }), weights('head.bias')) as tf.Tensor4D;
  return enlarge(tf.add(enlarge(scores), convolve(weights, 'low', atHalf, { way })));
}

/** Pooled probability maps to one logit per patch. */
export function stockDiscriminator(weights: Weights, maps: tf.Tensor4D): tf.Tensor4D {
  const layer = (place: number, x: tf.Tensor4D, stride: number): tf.Tensor4D =>
    tf.add(
      tf.conv2d(x, weights(`f.${place}.weight`) as tf.Tensor as tf.Tensor4D, stride, 1),
      weights(`f.${place}.bias`),
    );
  const hidden = [0, 2, 4].reduce((x, place) => tf.leakyRelu(layer(place, x, 2), 0.2), maps);
  return layer(6, hidden, 1);
}
