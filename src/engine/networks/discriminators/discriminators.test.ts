// Sizes, parameters and costs as the papers and the recipe state them; values are held against PyTorch by the golden cases.
import { describe, expect, it } from 'vitest';
import { countWeights } from '../../nn/parameters.ts';
import * as tf from '../../tf.ts';
import type { Network } from '../core/network.ts';
import { buildFullDiscriminator, FULL_DISCRIMINATOR_SIDE } from './fullDiscriminator.ts';
import { buildSmallDiscriminator, SMALL_DISCRIMINATOR_SIDE } from './smallDiscriminator.ts';

function scoresOf(network: Network, height: number, width: number): readonly number[] {
  return tf.tidy(() => network.forward(tf.zeros([1, height, width, 19]), 'train').shape);
}

describe('the full discriminator', () => {
  it.each([
    [64, 2_781_121],
    [32, 702_433],
    [16, 179_185],
  ])("has AdaptSegNet's parameters at width %i", (width, expected) => {
    const network = buildFullDiscriminator({ seed: 1, start: 'zeros' }, { from: 19, width });
    expect(countWeights(network.parameters)).toBe(expected);
    network.dispose();
  });

  it('halves the map five times, rounding down', () => {
    const network = buildFullDiscriminator({ seed: 1, start: 'zeros' }, { from: 19, width: 2 });
    expect(scoresOf(network, 128, 256)).toEqual([1, 4, 8, 1]);
    expect(scoresOf(network, 90, 70)).toEqual([1, 2, 2, 1]);
    expect(scoresOf(network, FULL_DISCRIMINATOR_SIDE, FULL_DISCRIMINATOR_SIDE)).toEqual([1, 1, 1, 1]);
    network.dispose();
  });
});

describe('the small discriminator', () => {
  it("has the recipe's parameters and cost at 128 x 64", () => {
    let flops = 0;
    const observe = (cost: { readonly flops: number }): void => {
      flops += cost.flops;
    };
    const network = buildSmallDiscriminator({ seed: 1, observe }, { from: 19 });
    expect(countWeights(network.parameters)).toBe(46_513);
    expect(scoresOf(network, 16, 32)).toEqual([1, 2, 4, 1]);
    expect((flops / 1e6).toFixed(2)).toBe('2.30');
    expect(scoresOf(network, SMALL_DISCRIMINATOR_SIDE, SMALL_DISCRIMINATOR_SIDE)).toEqual([1, 1, 1, 1]);
    network.dispose();
  });
});
