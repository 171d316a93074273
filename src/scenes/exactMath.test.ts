// The replacements against Math's own functions, which are close enough to compare with but not to draw with.
import { describe, expect, test } from 'vitest';
import { RandomStream } from '../domain/rng.ts';
import { exactPower, expNegative, poissonCount, wave } from './exactMath.ts';

test('exactPower agrees with Math.pow', () => {
  for (const base of [0, 1e-4, 0.2, 0.5, 0.99, 1, 1.7]) {
    for (const exponent of [0.25, 0.82, 1, 1.12, 1.3, 2, 5.5]) {
      expect(exactPower(base, exponent)).toBeCloseTo(base ** exponent, 3);
    }
  }
});

test('expNegative agrees with Math.exp', () => {
  for (let x = 0; x < 12; x += 0.37) expect(expNegative(x)).toBeCloseTo(Math.exp(-x), 4);
});

test('wave has period 1 and stays within -1 and 1', () => {
  for (let t = -2; t < 2; t += 0.01) {
    expect(Math.abs(wave(t))).toBeLessThanOrEqual(1);
    expect(wave(t)).toBeCloseTo(wave(t + 1), 9);
    expect(Math.abs(wave(t) - Math.sin(2 * Math.PI * t))).toBeLessThan(0.07);
  }
});

describe('poissonCount', () => {
  test('has the mean and variance of its distribution', () => {
    const draw = new RandomStream(3, 'poisson');
    const counts = Array.from({ length: 20000 }, () => poissonCount(draw.uniform(), 2.2, 20));
    const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
    const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length;
    expect(Math.abs(mean - 2.2)).toBeLessThan(0.05);
    expect(Math.abs(variance - 2.2)).toBeLessThan(0.12);
  });

  test('never falls while the mean rises, and keeps to its limit', () => {
    for (let uniform = 0; uniform < 1; uniform += 0.03) {
      let before = 0;
      for (let mean = 0; mean < 4; mean += 0.1) {
        const count = poissonCount(uniform, mean, 5);
        expect(count).toBeGreaterThanOrEqual(before);
        expect(count).toBeLessThanOrEqual(5);
        before = count;
      }
    }
  });
});
