// Pictures to tiles of one size, and back. Two modes: the whole picture resized, or a grid cut at native resolution.
import type { RgbImage, Size, Tile } from '../../domain/dataset.ts';
import type { TileMode } from '../../domain/importing.ts';
import { gridSize, tilesAlong } from '../../domain/tiles.ts';
import { resizeImage, resizeLabels } from '../decode/resample.ts';

export interface TileOrigin {
  readonly x: number;
  readonly y: number;
}

/** Origins that cover a picture row by row; the last row and column move inwards to overlap. */
export function tileOrigins(image: Size, tile: Size): readonly TileOrigin[] {
  const starts = (length: number, side: number): number[] =>
    Array.from({ length: tilesAlong(length, side) }, (_, i) => Math.max(0, Math.min(i * side, length - side)));
  const columns = starts(image.width, tile.width);
  return starts(image.height, tile.height).flatMap((y) => columns.map((x) => ({ x, y })));
}

/** Copies a rectangle that lies within the picture. `channels` interleaved bytes a pixel. */
export function crop(data: Uint8Array, from: Size, origin: TileOrigin, size: Size, channels: number): Uint8Array {
  const rowBytes = size.width * channels;
  const out = new Uint8Array(rowBytes * size.height);
  for (let y = 0; y < size.height; y++) {
    const start = ((origin.y + y) * from.width + origin.x) * channels;
    out.set(data.subarray(start, start + rowBytes), y * rowBytes);
  }
  return out;
}

/** The inverse of cutting: puts tiles back at the origins of {@link tileOrigins}. Overlaps hold equal values. */
export function stitch(tiles: readonly Uint8Array[], image: Size, tile: Size, channels: number): Uint8Array {
  const data = new Uint8Array(image.width * image.height * channels);
  const rowBytes = tile.width * channels;
  tileOrigins(image, tile).forEach((origin, i) => {
    const piece = tiles[i];
    if (piece === undefined) return;
    for (let y = 0; y < tile.height; y++) {
      const to = ((origin.y + y) * image.width + origin.x) * channels;
      data.set(piece.subarray(y * rowBytes, (y + 1) * rowBytes), to);
    }
  });
  return data;
}

/** A buffer of its own: tiles are stored and transferred one by one, and must not drag their picture along. */
const owned = (bytes: Uint8Array, original: Uint8Array): Uint8Array => (bytes === original ? bytes.slice() : bytes);

/** Tiles of one picture. `labels` has the picture's size. In grid mode, pictures smaller than a tile are enlarged first. */
export function tilesFrom(
  name: string,
  image: RgbImage,
  labels: Uint8Array | null,
  size: Size,
  mode: TileMode,
): readonly Tile[] {
  const whole = mode === 'resize' ? size : gridSize(image, size);
  const pixels = resizeImage(image, whole).data;
  const ids = labels === null ? null : resizeLabels(labels, image, whole);
  if (mode === 'resize') {
    return [{ name, image: owned(pixels, image.data), labels: ids === null ? null : owned(ids, labels ?? ids) }];
  }
  const origins = tileOrigins(whole, size);
  return origins.map((origin) => ({
    name: origins.length === 1 ? name : `${name} @${origin.x},${origin.y}`,
    image: crop(pixels, whole, origin, size, 3),
    labels: ids === null ? null : crop(ids, whole, origin, size, 1),
  }));
}
