// From the studio's image range, RGB in [-1, 1], to the one that a network's pretrained weights were made for.
import * as tf from '../tf.ts';
import type { Layer } from './layers.ts';

/**
 * `symmetric`: as they are. `imagenet`: RGB, ImageNet's mean and deviation (torchvision, mmseg). `caffe`: BGR in 0 to 255 less
 * ImageNet's mean, not scaled (the weights of AdaptSegNet, ADVENT and DACS).
 */
export const IMAGE_RANGES = ['symmetric', 'imagenet', 'caffe'] as const;
export type ImageRange = (typeof IMAGE_RANGES)[number];

/** Of RGB in 0 to 255. */
const IMAGENET_MEAN = [123.675, 116.28, 103.53] as const;
const IMAGENET_DEVIATION = [58.395, 57.12, 57.375] as const;
const CAFFE_MEAN = [122.67891434, 116.66876762, 104.00698793] as const;
const HALF_RANGE = 127.5;

/** Images [batch, height, width, 3] in [-1, 1] to `range`. */
export function toImageRange(range: ImageRange): Layer {
  switch (range) {
    case 'symmetric':
      return (images) => images;
    case 'imagenet':
      return (images) => affine(images, IMAGENET_MEAN, IMAGENET_DEVIATION);
    case 'caffe':
      return (images) => tf.reverse(affine(images, CAFFE_MEAN, [1, 1, 1]), 3);
    default:
      return range satisfies never;
  }
}

/** (127.5 (x + 1) - mean) / deviation, as one scale and one shift. */
function affine(images: tf.Tensor4D, mean: readonly number[], deviation: readonly number[]): tf.Tensor4D {
  const scale = tf.tensor1d(deviation.map((s) => HALF_RANGE / s));
  const shift = tf.tensor1d(mean.map((m, i) => (HALF_RANGE - m) / (deviation[i] ?? 1)));
  return tf.add(tf.mul(images, scale), shift);
}
