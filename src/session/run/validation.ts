// The validation split as evaluation sees it: an even spread of images while a run is under way, all of them at the end.
import { readBatch, spreadIndices } from '../../data/feed/batcher.ts';
import type { TileSource } from '../../data/ports.ts';
import type { HostBatch } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';

/** Images per forward pass: bounds the memory of an evaluation, changes no number. */
const BATCH = 8;

export interface Validation {
  batches(isFinal: boolean): AsyncIterable<HostBatch>;
}

/** Throws `config.unmet-need` if the validation split has no labels to compare with. */
export function validationOf(source: TileSource, imagesWhileRunning: number): Validation {
  const { tiles, labelled } = source.info.splits.val;
  if (labelled === 0) {
    throw new StudioError(
      'config.unmet-need',
      `"${source.info.name}" has no labelled validation images (${tiles} images, none with labels).`,
      'Choose another dataset for validation, or import with a share held out for it.',
      { dataset: source.info.name, images: tiles },
    );
  }
  return {
    async *batches(isFinal) {
      const indices = spreadIndices(tiles, isFinal ? 0 : imagesWhileRunning);
      for (let at = 0; at < indices.length; at += BATCH) {
        yield await readBatch(source, 'val', indices.slice(at, at + BATCH), { labels: true });
      }
    },
  };
}
