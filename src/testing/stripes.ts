// A dataset that a network can learn in a few steps: each tile is striped, and the colour of a stripe is its class.
import type { TileSource } from '../data/ports.ts';
import { CITYSCAPES_CLASSES, type ClassSet } from '../domain/classes.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../domain/dataset.ts';
import { RandomStream } from '../domain/rng.ts';

const SIZE = { width: 16, height: 8 };
const STRIPE = 4;

interface StripesOptions {
  /** Tiles a split. */
  readonly count?: number;
  /** How many classes of the set are drawn. */
  readonly classes?: number;
  readonly set?: ClassSet;
  /** Grey levels that colours are shifted by. */
  readonly gap?: number;
  readonly seed?: number;
}

/** Tiles of 16 x 8 pixels. */
export function stripes({
  count = 8,
  set = CITYSCAPES_CLASSES,
  classes = set === CITYSCAPES_CLASSES ? 3 : set.length,
  gap = 0,
  seed = 1,
}: StripesOptions = {}): TileSource {
  const classPixels = Array.from({ length: set.length + 1 }, (_, c) => (c < classes ? count * 42 : 0));
  const info: DatasetInfo = {
    id: `stripes-${gap}` as DatasetId,
    name: `stripes ${gap}`,
    origin: 'imported',
    layout: 'plain',
    ...(set === CITYSCAPES_CLASSES ? {} : { classes: set }),
    size: SIZE,
    splits: { train: { tiles: count, labelled: count }, val: { tiles: count, labelled: count } },
    classPixels,
    sizeBytes: 0,
    state: 'ready',
    createdAtMs: 0,
  };
  return {
    info,
    read: async (split, indices) => indices.map((index) => tile(split, index, set.slice(0, classes), gap, seed)),
  };
}

function tile(split: Split, index: number, classes: ClassSet, gap: number, seed: number): Tile {
  const random = new RandomStream(seed, split, index);
  const image = new Uint8Array(SIZE.width * SIZE.height * 3);
  const labels = new Uint8Array(SIZE.width * SIZE.height);
  for (let left = 0; left < SIZE.width; left += STRIPE) {
    const label = random.integer(classes.length);
    const rgb = classes[label]?.rgb ?? [0, 0, 0];
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = left; x < left + STRIPE; x++) {
        const at = y * SIZE.width + x;
        labels[at] = label;
        for (let c = 0; c < 3; c++) image[at * 3 + c] = Math.min(255, (rgb[c] ?? 0) + gap);
      }
    }
  }
  return { name: `${split}-${index}`, image, labels };
}
