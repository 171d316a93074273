import { describe, expect, it } from 'vitest';
import { polyRate } from './schedules.ts';

describe('polyRate', () => {
  // Published settings of DeepLab v2 in the adaptation literature: base 2.5e-4 over 250 000 steps.
  it.each([
    [0, 2.5e-4],
    [50_000, 2.045e-4],
    [100_000, 1.579e-4],
    [120_000, 1.388e-4],
    [150_000, 1.096e-4],
    [200_000, 5.873e-5],
  ])('is the published rate at step %i', (k, rate) => {
    const value = polyRate({ base: 2.5e-4, steps: 250_000, warmUp: 0 }, k);
    expect(Math.abs(value - rate)).toBeLessThan(0.0005 * rate);
  });

  it('rises linearly for the warm-up and falls to 0', () => {
    const schedule = { base: 3, steps: 1e9, warmUp: 30 };
    expect(polyRate(schedule, 0)).toBeCloseTo(0.1, 6);
    expect(polyRate(schedule, 14)).toBeCloseTo(1.5, 6);
    expect(polyRate(schedule, 29)).toBeCloseTo(3, 6);
    expect(polyRate(schedule, 40)).toBeCloseTo(3, 6);
    expect(polyRate({ base: 3, steps: 100, warmUp: 30 }, 100)).toBe(0);
  });
});
