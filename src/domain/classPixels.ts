// Class pixel counts and shares. The loss weights that follow from them are the engine's.
import type { ClassSet } from './classes.ts';

/** Counts of nothing: one entry a class, and the ignored pixels last. */
export const noClassPixels = (classes: ClassSet): Float64Array => new Float64Array(classes.length + 1);

/** Adds the pixels of `labels` to `counts` (one entry a class, then ignored: all that is no class). Exact up to 2^53. */
export function addClassPixels(counts: Float64Array, labels: Uint8Array): void {
  const ignored = counts.length - 1;
  const local = new Uint32Array(256);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? 0;
    local[label] = (local[label] ?? 0) + 1;
  }
  for (let value = 0; value < 256; value++) {
    const slot = Math.min(value, ignored);
    counts[slot] = (counts[slot] ?? 0) + (local[value] ?? 0);
  }
}

/** Each class's share of the labelled pixels (all 0 if there are none), then the share of ignored pixels of all. */
export function classShares(counts: ArrayLike<number>): number[] {
  const classes = Array.from(counts).slice(0, -1);
  const labelled = classes.reduce((sum, count) => sum + count, 0);
  const ignored = counts[classes.length] ?? 0;
  const all = labelled + ignored;
  return [...classes.map((count) => (labelled === 0 ? 0 : count / labelled)), all === 0 ? 0 : ignored / all];
}
