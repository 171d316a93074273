// Polygon annotations to label ids, against shapes that can be counted.
import { describe, expect, it } from 'vitest';
import { rasterise, readAnnotation } from './polygons.ts';

const bytesOf = (file: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(file));
const idOf = (label: string): number | null => ({ road: 7, car: 26, 'license plate': -1 })[label] ?? null;
const drawn = (objects: readonly unknown[], size = { imgWidth: 6, imgHeight: 4 }) =>
  rasterise(readAnnotation(bytesOf({ ...size, objects }), 'a_polygons.json'), idOf);
const square = (from: number, to: number) => [
  [from, from],
  [to, from],
  [to, to],
  [from, to],
];

describe('polygons', () => {
  it('are filled with their outline, later ones over earlier ones', () => {
    const { ids } = drawn([
      { label: 'road', polygon: square(0, 3) },
      { label: 'car', polygon: square(1, 2) },
      { label: 'license plate', polygon: square(0, 3) },
      { label: 'road', polygon: square(0, 5), deleted: 1 },
    ]);
    expect([0, 1, 2, 3].map((y) => [...ids.subarray(y * 6, y * 6 + 6)])).toEqual([
      [7, 7, 7, 7, 0, 0],
      [7, 26, 26, 7, 0, 0],
      [7, 26, 26, 7, 0, 0],
      [7, 7, 7, 7, 0, 0],
    ]);
  });

  it('are cut at the picture’s edge, whatever their shape', () => {
    const { ids } = drawn([
      {
        label: 'road',
        polygon: [
          [-50, -1],
          [50, -1],
          [50, 90],
          [-50, 90],
        ],
      },
    ]);
    expect(ids.every((id) => id === 7)).toBe(true);
    const triangle = drawn([
      {
        label: 'car',
        polygon: [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
      },
    ]).ids;
    expect([...triangle].filter((id) => id === 26).length).toBe(5 + 4 + 3 + 2);
  });

  it('leave names without an id out, and count them', () => {
    const { ids, unknown } = drawn([{ label: 'spaceship', polygon: square(0, 1) }]);
    expect([...unknown]).toEqual([['spaceship', 4]]);
    expect(ids.every((id) => id === 0)).toBe(true);
  });

  it.each([['no json'], [{}], [{ imgWidth: 4, imgHeight: 4, objects: [{ label: 'road', polygon: [[1]] }] }]])(
    'that are none are named: %j',
    (file) => {
      const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : bytesOf(file);
      expect(() => readAnnotation(bytes, 'x.json')).toThrow(expect.objectContaining({ code: 'data.unreadable-file' }));
    },
  );
});
