import { describe, expect, it } from 'vitest';
import { classWeightsOf } from './classWeights.ts';

describe('classWeightsOf', () => {
  it('weighs by the root of the share, rare ones as if at 0.004, the pixel mean at 1 before clamping', () => {
    const pixels = new Array<number>(19).fill(0);
    pixels[0] = 6400;
    pixels[1] = 3600;
    const weights = classWeightsOf([...pixels, 123], 19);
    // Mean of 1/sqrt(share) over pixels: 0.64 / 0.8 + 0.36 / 0.6 = 1.4.
    expect(weights[0]).toBeCloseTo(1 / 0.8 / 1.4, 6);
    expect(weights[1]).toBeCloseTo(1 / 0.6 / 1.4, 6);
    // 1 / sqrt(0.004) / 1.4 = 11.3, clamped.
    expect(weights[2]).toBe(4);
    expect(weights).toHaveLength(19);
  });

  it('is 1 for every class where nothing was counted', () => {
    expect([...classWeightsOf([], 19)]).toEqual(new Array(19).fill(1));
  });

  it('gives as many weights as there are classes', () => {
    expect([...classWeightsOf([10, 10, 0, 5], 3)].map((weight) => weight.toFixed(2))).toEqual(['1.00', '1.00', '4.00']);
  });
});
