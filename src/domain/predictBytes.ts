// How many tiles and bytes an import will take, from its report and options. The studio shows it, the import checks it.
import { SPLITS } from './dataset.ts';
import type { ImportOptions, ImportReport } from './importing.ts';
import { tilesPerImage } from './tiles.ts';

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
