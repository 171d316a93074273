// The primitives pixel by pixel, against coverage worked out from the definitions.
import { describe, expect, test } from 'vitest';
import { gradient, packRgb, solid } from './paint.ts';
import { KEEP_DEPTH, PAINT_ONLY, Raster } from './rasteriser.ts';

const red = solid([200, 10, 20]);
const RED = packRgb(200, 10, 20);

/** Pixels that carry a label, as rows of text. */
const drawn = (raster: Raster, label: number) =>
  Array.from({ length: raster.height }, (_, y) =>
    Array.from(raster.labels.subarray(y * raster.width, (y + 1) * raster.width), (v) => (v === label ? '#' : '.')).join(
      '',
    ),
  );

describe('polygon', () => {
  test('covers a pixel where its centre lies inside, and neighbours share no pixel', () => {
    const raster = new Raster(6, 3);
    raster.polygon([0.5, 0.5, 3.5, 0.5, 3.5, 2.5, 0.5, 2.5], red, 5, 7);
    expect(drawn(raster, 5)).toEqual(['###...', '###...', '......']);
    raster.polygon([3.5, 0.5, 6, 0.5, 6, 2.5, 3.5, 2.5], red, 6, 7);
    expect(drawn(raster, 5)).toEqual(['###...', '###...', '......']);
    expect(drawn(raster, 6)).toEqual(['...###', '...###', '......']);
  });

  test('is even-odd for concave outlines', () => {
    const raster = new Raster(9, 4);
    raster.polygon([0, 0, 9, 0, 9, 4, 6, 4, 6, 2, 3, 2, 3, 4, 0, 4], red, 1, 1);
    expect(drawn(raster, 1)).toEqual(['#########', '#########', '###...###', '###...###']);
  });

  test('is cut at the picture’s edges', () => {
    const raster = new Raster(3, 2);
    raster.polygon([-50, -50, 60, -50, 60, 70, -50, 70], red, 2, 9);
    expect(drawn(raster, 2)).toEqual(['###', '###']);
    expect([...raster.colours]).toEqual(Array(6).fill(RED));
    expect([...raster.depths]).toEqual(Array(6).fill(9));
  });
});

test('an ellipse covers exactly the pixel centres within it', () => {
  const raster = new Raster(20, 14);
  const [x, y, rx, ry] = [9.3, 6.8, 7.1, 4.6];
  raster.ellipse(x, y, rx, ry, red, 3, 1);
  for (let row = 0; row < 14; row++) {
    for (let column = 0; column < 20; column++) {
      const inside = ((column + 0.5 - x) / rx) ** 2 + ((row + 0.5 - y) / ry) ** 2 < 1;
      expect(raster.labels[row * 20 + column], `${column}, ${row}`).toBe(inside ? 3 : 0);
    }
  }
});

test('paint only leaves label and depth; keep depth leaves depth', () => {
  const raster = new Raster(2, 1);
  const all = [0, 0, 2, 0, 2, 1, 0, 1];
  raster.polygon(all, red, 4, 30);
  raster.polygon(all, solid([1, 2, 3]), PAINT_ONLY, 5);
  expect([[...raster.labels], [...raster.depths], [...raster.colours]]).toEqual([
    [4, 4],
    [30, 30],
    [197121, 197121],
  ]);
  raster.polygon(all, red, 6, KEEP_DEPTH);
  expect([[...raster.labels], [...raster.depths]]).toEqual([
    [6, 6],
    [30, 30],
  ]);
});

test('a gradient runs from the top of the primitive to its bottom', () => {
  const raster = new Raster(1, 4);
  raster.polygon([0, 0, 1, 0, 1, 4, 0, 4], gradient([0, 0, 0], [80, 160, 240]), 1, 1);
  expect(Array.from(raster.colours, (c) => [c & 255, (c >>> 8) & 255, c >>> 16])).toEqual([
    [10, 20, 30],
    [30, 60, 90],
    [50, 100, 150],
    [70, 140, 210],
  ]);
});

test('tint and soft ellipse mix colours and touch nothing else', () => {
  const raster = new Raster(4, 4);
  raster.polygon([0, 0, 4, 0, 4, 4, 0, 4], solid([100, 100, 100]), 8, 12);
  raster.tint([0, 0, 4, 0, 4, 1, 0, 1], [200, 200, 200], 0.5);
  expect((raster.colours[0] ?? 0) & 255).toBe(150);
  raster.softEllipse(2, 3, 2, 1, [0, 0, 0], 1);
  // 1.6 times (1 - squared distance in radii), at most all of it: 0.6875 at the one pixel, 0.1875 at the other.
  expect((raster.colours[3 * 4 + 2] ?? 0) & 255).toBe(0);
  expect((raster.colours[2 * 4] ?? 0) & 255).toBe(70);
  expect([new Set(raster.labels), new Set(raster.depths)]).toEqual([new Set([8]), new Set([12])]);
});
