// How many tiles and bytes an import will take, from its report and options. The studio shows it, the import checks it.
import { type Size, SPLITS } from './dataset.ts';
import type { ImportOptions, ImportReport, TileMode } from './importing.ts';

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

type Sampled = Pick<ImportReport, 'splits' | 'imageSizes'>;
type Shape = Pick<ImportOptions, 'size' | 'mode'>;

/** Expected tiles per image: the mean over the sampled image sizes, 1 where nothing could be sampled. */
function meanTilesPerImage(report: Sampled, options: Shape): number {
  let images = 0;
  let tiles = 0;
  for (const { count, ...size } of report.imageSizes) {
    images += count;
    tiles += count * tilesPerImage(size, options.size, options.mode);
  }
  return images === 0 ? 1 : tiles / images;
}

/** Tiles that the import is expected to write. */
export function predictTiles(report: Sampled, options: Shape): number {
  const images = SPLITS.reduce((sum, split) => sum + report.splits[split].pairs + report.splits[split].unlabelled, 0);
  return Math.round(images * meanTilesPerImage(report, options));
}

/** Bytes that the import is expected to write: three a pixel for the picture, one more where there are labels. */
export function predictBytes(report: Sampled, options: Shape): number {
  const perImage = meanTilesPerImage(report, options) * options.size.width * options.size.height;
  return Math.round(
    SPLITS.reduce((sum, split) => {
      const { pairs, unlabelled } = report.splits[split];
      return sum + perImage * (4 * pairs + 3 * unlabelled);
    }, 0),
  );
}
