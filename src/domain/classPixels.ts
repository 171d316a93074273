// Class pixel counts and shares. The loss weights that follow from them are the engine's.
import { CLASS_COUNT } from './classes.ts';

/** Slots of a count: one a class, and the ignored pixels last. */
export const COUNT_SLOTS = CLASS_COUNT + 1;

/** Adds the pixels of `labels` to `counts` (20 entries: classes, then ignored). Counts stay exact up to 2^53. */
export function addClassPixels(counts: Float64Array, labels: Uint8Array): void {
  const local = new Uint32Array(256);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? 0;
    local[label] = (local[label] ?? 0) + 1;
  }
  for (let value = 0; value < 256; value++) {
    const slot = Math.min(value, CLASS_COUNT);
    counts[slot] = (counts[slot] ?? 0) + (local[value] ?? 0);
  }
}

/** 19 shares of the labelled pixels (all 0 if there are none), then the share of ignored pixels of all. */
export function classShares(counts: ArrayLike<number>): number[] {
  const classes = Array.from({ length: CLASS_COUNT }, (_, c) => counts[c] ?? 0);
  const labelled = classes.reduce((sum, count) => sum + count, 0);
  const ignored = counts[CLASS_COUNT] ?? 0;
  const all = labelled + ignored;
  return [...classes.map((count) => (labelled === 0 ? 0 : count / labelled)), all === 0 ? 0 : ignored / all];
}
