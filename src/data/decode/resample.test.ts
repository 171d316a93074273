// Resampling and tiling: identities, conservation and coverage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crop, stitch, tileOrigins, tilesFrom } from '../importing/tiling.ts';
import { resizeImage, resizeLabels } from './resample.ts';

const side = fc.integer({ min: 1, max: 23 });
const size = fc.record({ width: side, height: side });
const picture = (maxSide: number) =>
  fc
    .record({ width: fc.integer({ min: 1, max: maxSide }), height: fc.integer({ min: 1, max: maxSide }) })
    .chain(({ width, height }) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((data) => ({ width, height, data })),
    );

describe('resizeImage', () => {
  it('averages whole blocks when the size halves', () => {
    const data = Uint8Array.from([0, 10, 20, 100, 30, 40, 100, 50, 60, 200, 70, 80]);
    expect([...resizeImage({ width: 2, height: 2, data }, { width: 1, height: 1 }).data]).toEqual([100, 40, 50]);
  });

  it('weights fractional edges by their cover', () => {
    // 3 to 2: the middle pixel counts half on either side: (0 + 90/2) / 1.5 and (90/2 + 30) / 1.5.
    const data = Uint8Array.from([0, 0, 0, 90, 90, 90, 30, 30, 30]);
    expect([...resizeImage({ width: 3, height: 1, data }, { width: 2, height: 1 }).data]).toEqual([
      30, 30, 30, 50, 50, 50,
    ]);
  });

  it('interpolates between pixel centres when it grows', () => {
    const data = Uint8Array.from([0, 0, 0, 100, 100, 100]);
    const { data: grown } = resizeImage({ width: 2, height: 1, data }, { width: 4, height: 1 });
    expect([grown[0], grown[3], grown[6], grown[9]]).toEqual([0, 25, 75, 100]);
  });

  it('leaves a flat picture flat and stays within the values of the picture', () => {
    fc.assert(
      fc.property(picture(17), size, (image, to) => {
        const { data } = resizeImage(image, to);
        expect(data.length).toBe(to.width * to.height * 3);
        const [low, high] = [Math.min(...image.data), Math.max(...image.data)];
        expect(data.every((value) => value >= low && value <= high)).toBe(true);
      }),
    );
  });

  it('keeps the mean when it shrinks, up to rounding', () => {
    fc.assert(
      fc.property(picture(17), (image) => {
        const to = { width: Math.ceil(image.width / 2), height: Math.ceil(image.height / 3) };
        const mean = (data: Uint8Array) => data.reduce((sum, value) => sum + value, 0) / data.length;
        expect(Math.abs(mean(resizeImage(image, to).data) - mean(image.data))).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });
});

describe('resizeLabels', () => {
  it('takes exactly the pixel at floor((i + 0.5) * in / out), and never invents a value', () => {
    fc.assert(
      fc.property(size, size, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (from, to, values) => {
        const labels = Uint8Array.from({ length: from.width * from.height }, () => values.next().value);
        const resized = resizeLabels(labels, from, to);
        for (let y = 0; y < to.height; y++) {
          for (let x = 0; x < to.width; x++) {
            const row = Math.floor(((y + 0.5) * from.height) / to.height);
            const column = Math.floor(((x + 0.5) * from.width) / to.width);
            expect(resized[y * to.width + x]).toBe(labels[row * from.width + column]);
          }
        }
        const known = new Set(labels);
        expect(resized.every((value) => known.has(value))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('tiles in a grid', () => {
  it('stitch back to the picture they were cut from, also where sizes are no multiples', () => {
    fc.assert(
      fc.property(
        picture(29),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (image, width, height) => {
          const tile = { width: Math.min(width, image.width), height: Math.min(height, image.height) };
          const origins = tileOrigins(image, tile);
          const pieces = origins.map((origin) => crop(image.data, image, origin, tile, 3));
          expect([...stitch(pieces, image, tile, 3)]).toEqual([...image.data]);
        },
      ),
    );
  });

  it('cover every pixel with as few tiles as can', () => {
    fc.assert(
      fc.property(size, size, (image, wanted) => {
        const tile = { width: Math.min(wanted.width, image.width), height: Math.min(wanted.height, image.height) };
        const covered = new Uint8Array(image.width * image.height);
        const origins = tileOrigins(image, tile);
        for (const { x, y } of origins) {
          expect(x + tile.width <= image.width && y + tile.height <= image.height).toBe(true);
          for (let row = y; row < y + tile.height; row++)
            covered.fill(1, row * image.width + x, row * image.width + x + tile.width);
        }
        expect(covered.includes(0)).toBe(false);
        expect(origins.length).toBe(Math.ceil(image.width / tile.width) * Math.ceil(image.height / tile.height));
      }),
    );
  });

  it('carry labels with their pixels, and have buffers of their own', () => {
    const labels = Uint8Array.from({ length: 6 * 4 }, (_, i) => i);
    const image = { width: 6, height: 4, data: Uint8Array.from({ length: 72 }, (_, i) => Math.floor(i / 3)) };
    const tiles = tilesFrom('a', image, labels, { width: 4, height: 4 }, 'grid');
    expect(tiles.map(({ name }) => name)).toEqual(['a @0,0', 'a @2,0']);
    for (const tile of tiles) {
      tile.labels?.forEach((label, i) => {
        expect(tile.image[i * 3]).toBe(label);
      });
      expect(tile.image.buffer.byteLength).toBe(tile.image.length);
    }
  });

  it('enlarge a picture that is smaller than a tile until it covers one', () => {
    const image = { width: 4, height: 2, data: new Uint8Array(24).fill(9) };
    const tiles = tilesFrom('a', image, new Uint8Array(8).fill(3), { width: 4, height: 4 }, 'grid');
    expect(tiles.length).toBe(2);
    expect(tiles.every((tile) => tile.image.length === 48 && tile.labels?.every((label) => label === 3))).toBe(true);
  });

  it('are one per picture when resizing, without sharing the decoder’s buffer', () => {
    const image = { width: 4, height: 2, data: new Uint8Array(24).fill(9) };
    const [tile, ...more] = tilesFrom('a', image, null, { width: 4, height: 2 }, 'resize');
    expect(more).toEqual([]);
    expect(tile?.labels).toBeNull();
    expect(tile?.image.buffer).not.toBe(image.data.buffer);
  });
});
