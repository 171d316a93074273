// Where CutMix cuts, in each of its readings: shares of the picture, borders, whole pixels.
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../domain/rng.ts';
import { areaOf, BOX_MODES, type BoxMode, drawBox } from './boxes.ts';

const LARGE = { width: 1024, height: 512 };
const draws = (mode: BoxMode, count: number, size = LARGE) => {
  const random = new RandomStream(11, mode);
  return Array.from({ length: count }, () => drawBox(random, mode, size));
};

describe('drawBox', () => {
  // E[share] over lambda ~ U(0, 1) in closed form; half-area is a half by definition, up to whole pixels.
  it.each([
    ['center-clip', 0.3208],
    ['topleft-clip', 0.1833],
    ['inside', 0.5],
    ['half-area', 0.5],
  ] as const)('%s covers %f of the picture on average', (mode, expected) => {
    const count = 200_000;
    const mean = draws(mode, count).reduce((sum, box) => sum + areaOf(box, LARGE), 0) / count;
    expect(Math.abs(mean - expected)).toBeLessThan(0.003);
  });

  it.each(BOX_MODES)('%s stays within the picture, in whole pixels, also of odd sizes', (mode) => {
    const size = { width: 17, height: 9 };
    for (const { y1, x1, y2, x2 } of draws(mode, 2000, size)) {
      expect([y1, x1, y2, x2].every(Number.isInteger)).toBe(true);
      expect(0 <= y1 && y1 <= y2 && y2 <= size.height && 0 <= x1 && x1 <= x2 && x2 <= size.width).toBe(true);
    }
  });

  it('half-area: every box covers half, as wide as the picture at most and as half of it at least', () => {
    for (const box of draws('half-area', 2000)) {
      expect(Math.abs(areaOf(box, LARGE) - 0.5)).toBeLessThan(0.002);
      expect(box.x2 - box.x1).toBeGreaterThanOrEqual(512);
    }
  });
});
