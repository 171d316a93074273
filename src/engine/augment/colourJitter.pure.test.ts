import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../domain/rng.ts';
import { drawColourJitter } from './colourJitter.ts';

describe('drawColourJitter', () => {
  it('changes nothing at strength 0', () => {
    expect([...drawColourJitter(new RandomStream(1), 2, 0)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  });

  it('fills the range of each factor, and no more', () => {
    const count = 500;
    const values = drawColourJitter(new RandomStream(1), count, 2);
    const centres = [1, 1, 0, 0, 0, 0];
    const widths = [0.6, 0.8, 0.5, 0.16, 0.16, 0.16];
    centres.forEach((centre, column) => {
      const deviations = Array.from({ length: count }, (_, i) => Math.abs(values[i * 6 + column]! - centre));
      expect(Math.max(...deviations)).toBeLessThanOrEqual(widths[column]! + 1e-6);
      expect(Math.max(...deviations)).toBeGreaterThan(0.95 * widths[column]!);
    });
  });
});
