// From the studio's image range, RGB in [-1, 1], to the one that a network's pretrained weights were made for.
import * as tf from '../tf.ts';
import type { Layer } from './layers.ts';

/**
 * `symmetric`: as they are. `imagenet`: RGB, ImageNet's mean and deviation (torchvision, mmseg). `caffe`: BGR in 0 to 255 less
 * ImageNet's mean, not scaled (the weights of AdaptSegNet, ADVENT and DACS).
 */
export const IMAGE_RANGES = ['symmetric', 'imagenet', 'caffe'] as const;
export type ImageRange = (typeof IMAGE_RANGES)[number];

/** What becomes of pixels of 0 to 255: channels in this order, each less its mean, divided by its deviation. */
export interface Normalisation {
  readonly channels: 'RGB' | 'BGR';
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const HALF_RANGE = 127.5;
const NORMALISATIONS: Readonly<Record<ImageRange, Normalisation>> = {
  symmetric: {
    channels: 'RGB',
    mean: [HALF_RANGE, HALF_RANGE, HALF_RANGE],
    deviation: [HALF_RANGE, HALF_RANGE, HALF_RANGE],
  },
  imagenet: { channels: 'RGB', mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] },
  caffe: { channels: 'BGR', mean: [104.00698793, 116.66876762, 122.67891434], deviation: [1, 1, 1] },
};

/** `range` is a network's parameter `imageRange`; a network without one takes images as they are. */
export function normalisationOf(range: unknown): Normalisation {
  return NORMALISATIONS[IMAGE_RANGES.find((known) => known === range) ?? 'symmetric'];
}

/** Images [batch, height, width, 3] in [-1, 1] to `range`. */
export function toImageRange(range: ImageRange): Layer {
  if (range === 'symmetric') return (images) => images;
  const { channels, mean, deviation } = NORMALISATIONS[range];
  return channels === 'RGB'
    ? (images) => affine(images, mean, deviation)
    : (images) => affine(tf.reverse(images, 3), mean, deviation);
}

/** (127.5 (x + 1) - mean) / deviation, as one scale and one shift. */
function affine(images: tf.Tensor4D, mean: readonly number[], deviation: readonly number[]): tf.Tensor4D {
  const scale = tf.tensor1d(deviation.map((s) => HALF_RANGE / s));
  const shift = tf.tensor1d(mean.map((m, i) => (HALF_RANGE - m) / (deviation[i] ?? 1)));
  return tf.add(tf.mul(images, scale), shift);
}
