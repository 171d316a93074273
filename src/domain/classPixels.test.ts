// Class counts and shares.
import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES } from './classes.ts';
import { addClassPixels, classShares, noClassPixels } from './classPixels.ts';

describe('class pixels', () => {
  it('are counted per class, with everything that is no class as ignored', () => {
    const counts = noClassPixels(CITYSCAPES_CLASSES);
    addClassPixels(counts, Uint8Array.of(0, 0, 18, 255, 3));
    addClassPixels(counts, Uint8Array.of(0, 255));
    expect([counts[0], counts[3], counts[18], counts[19]]).toEqual([3, 1, 1, 2]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(7);
  });

  it('become shares of the labelled pixels, and a share of ignored ones of all', () => {
    const counts = noClassPixels(CITYSCAPES_CLASSES);
    expect(classShares(counts)).toEqual(new Array(20).fill(0));
    addClassPixels(counts, Uint8Array.of(1, 1, 1, 2, 255));
    const shares = classShares(counts);
    expect([shares[1], shares[2], shares[19]]).toEqual([0.75, 0.25, 0.2]);
  });
});
