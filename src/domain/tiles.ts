// How an image becomes tiles of equal size.
import type { Size } from './dataset.ts';
import type { TileMode } from './importing.ts';

/** Tiles needed to cover `length` pixels with tiles of `tile` pixels: the last one overlaps, and one is the least. */
export function tilesAlong(length: number, tile: number): number {
  return Math.max(1, Math.ceil(length / tile));
}

/** The size an image is cut at in grid mode: its own, or enlarged in proportion until one tile fits inside. */
export function gridSize(image: Size, tile: Size): Size {
  const scale = Math.max(1, tile.width / image.width, tile.height / image.height);
  if (scale === 1) return { width: image.width, height: image.height };
  return {
    width: Math.max(tile.width, Math.round(image.width * scale)),
    height: Math.max(tile.height, Math.round(image.height * scale)),
  };
}

/** Tiles that one image of this size becomes. */
export function tilesPerImage(image: Size, tile: Size, mode: TileMode): number {
  if (mode === 'resize') return 1;
  const cut = gridSize(image, tile);
  return tilesAlong(cut.width, tile.width) * tilesAlong(cut.height, tile.height);
}
