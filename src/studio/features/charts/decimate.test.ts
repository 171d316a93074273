// Decimation may drop points, never peaks, ends or order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimate, mergeByStep } from './decimate.ts';

const series = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 3000 })
  .map((values) => ({ steps: Float64Array.from(values, (_, step) => step + 1), values: Float64Array.from(values) }));

test('keeps ends, extremes and order within the limit', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 8, max: 500 }), ({ steps, values }, limit) => {
      const points = decimate(steps, values, limit);
      expect(points.length).toBeLessThanOrEqual(limit);
      expect(points[0]).toEqual({ step: 1, value: values[0] });
      expect(points.at(-1)).toEqual({ step: values.length, value: values.at(-1) });
      expect(Math.max(...points.map(({ value }) => value))).toBe(Math.max(...values));
      expect(Math.min(...points.map(({ value }) => value))).toBe(Math.min(...values));
      for (let at = 1; at < points.length; at++) expect(points[at]!.step).toBeGreaterThan(points[at - 1]!.step);
      for (const { step, value } of points) expect(values[step - 1]).toBe(value);
    }),
  );
});

test('a diverged value is left out and its neighbours stay', () => {
  const values = Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5);
  const points = decimate(Float64Array.of(1, 2, 3, 4, 5), values, 10);
  expect(points.map(({ step }) => step)).toEqual([1, 3, 5]);
});

test('series meet in rows by step', () => {
  const rows = mergeByStep({
    a: [
      { step: 1, value: 10 },
      { step: 4, value: 40 },
    ],
    b: [{ step: 4, value: 0.4 }],
  });
  expect(rows).toEqual([
    { step: 1, a: 10 },
    { step: 4, a: 40, b: 0.4 },
  ]);
});
