// Layers as a user of TensorFlow.js writes them down: no custom kernels, no custom gradients but where its own are wrong or missing.
import { groupNormalise } from '../../src/engine/ops/groupNorm/groupNorm.bench.ts';
import * as tf from '../../src/engine/tf.ts';
import { spaceToBatchConv, tapByTapConv } from './stockConv.ts';

/** How a dilated convolution is made differentiable. */
export type DilationWay = 'space to batch' | 'tap by tap';

/** Variables by the names that our networks give them. */
export type Weights = (name: string) => tf.Variable;

/** A convolution with padding `same`, and no bias. */
export function convolve(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  {
    stride = 1,
    dilation = 1,
    way,
  }: { readonly stride?: number; readonly dilation?: number; readonly way: DilationWay },
): tf.Tensor4D {
  const filter = weights(`${name}.weight`) as tf.Tensor as tf.Tensor4D;
  const padding = dilation * (filter.shape[0] >> 1);
  if (dilation === 1) return tf.conv2d(x, filter, stride, padding);
  const conv = { stride, dilation, padding };
  return way === 'tap by tap' ? tapByTapConv(x, filter, conv) : spaceToBatchConv(x, filter, conv);
}

/** Group normalisation in groups of 8 channels, with scale and shift. */
export function normalise(weights: Weights, name: string, x: tf.Tensor4D, epsilon = 1e-5): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const groups = Math.max(1, Math.floor(channels / 8));
  return groupNormalise(x, { gamma: weights(`${name}.weight`), beta: weights(`${name}.bias`), epsilon }, [
    batch,
    height * width,
    groups,
    channels / groups,
  ]);
}
