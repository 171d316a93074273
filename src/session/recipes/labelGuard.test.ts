// Target labels are used by no unsupervised stage, validation images by none: asking is an error, not a habit.
import { describe, expect, it } from 'vitest';
import { labelledTargetStream, readBatch, sourceStream, targetStream } from '../../data/feed/batcher.ts';
import { labelledSubset } from '../../data/feed/sampler.ts';
import { stripes } from '../../testing/stripes.ts';
import { guardedTiles } from './labelGuard.ts';

const options = { seed: 1, batch: 2, flip: true };
const forbidden = { code: 'data.protected', context: { stage: 'uda' } };

describe('a guarded dataset', () => {
  const tiles = stripes({ count: 6 });

  it('throws if an unsupervised stage asks for target labels', async () => {
    const guarded = guardedTiles(tiles, 'uda', 'none');
    await expect(sourceStream(guarded, options).next()).rejects.toMatchObject(forbidden);
    await expect(labelledTargetStream(guarded, options, [0, 1]).next()).rejects.toMatchObject(forbidden);
    expect((await targetStream(guarded, options).next()).labels).toBeNull();
  });

  it('throws if any training stage asks for validation images, labelled or not', async () => {
    for (const access of ['all', 'none', new Set([0, 1])] as const) {
      const guarded = guardedTiles(tiles, 'uda', access);
      await expect(readBatch(guarded, 'val', [0], { labels: false })).rejects.toMatchObject(forbidden);
    }
  });

  it('shows the labels of the images that were drawn, and of no other', async () => {
    const drawn = labelledSubset(1, 6, 2);
    const guarded = guardedTiles(tiles, 'uda', new Set(drawn));
    const stream = labelledTargetStream(guarded, options, drawn);
    for (let i = 0; i < 4; i++) expect((await stream.next()).labels).not.toBeNull();
    const other = [0, 1, 2, 3, 4, 5].find((index) => !drawn.includes(index)) ?? -1;
    await expect(labelledTargetStream(guarded, options, [...drawn, other]).next()).rejects.toMatchObject(forbidden);
  });
});
