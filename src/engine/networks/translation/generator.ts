// What the rest of the engine knows of a generator: a network from images to images, which may take noise beside them.
import { joinNoise } from '../../ops/hashNoise/hashNoise.ts';
import type * as tf from '../../tf.ts';
import type { Network } from '../core/network.ts';

export interface Generator extends Network {
  /**
   * Channels that `forward` takes behind the three of colour. Its result has three, in [-1, 1] or a little beyond, at the
   * size of its input.
   */
  readonly noiseChannels: number;
}

// The recipe's.
const NOISE_DEVIATION = 0.5;

/**
 * `images` [batch, height, width, 3] through the generator. An image's noise follows from its key (`keys` [batch], whole
 * numbers below 2^24), whatever else is in the batch. Call inside `tf.tidy`.
 */
export function generate({ forward, noiseChannels }: Generator, images: tf.Tensor4D, keys: tf.Tensor1D): tf.Tensor4D {
  if (noiseChannels === 0) return forward(images, 'train');
  return forward(joinNoise(images, keys, noiseChannels, NOISE_DEVIATION), 'train');
}
