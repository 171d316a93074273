// Sampling and batching: every tile once an epoch, resumable to the bit, labels only where they may be seen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IGNORE } from '../../domain/classes.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../../domain/dataset.ts';
import type { TileSource } from '../ports.ts';
import {
  type BatchStream,
  labelledTargetStream,
  readBatch,
  sourceStream,
  spreadIndices,
  targetStream,
} from './batcher.ts';
import { EpochSampler, labelledSubset } from './sampler.ts';

const size = { width: 3, height: 2 };

/** Tile n of the training split is all n, of the validation split all 200 + n; its left column is marked by n + 100. */
function tileOf(split: Split, n: number): Tile {
  const base = split === 'train' ? n : 200 + n;
  const mark = (i: number) => (i % size.width === 0 ? base + 100 : base);
  return {
    name: `${split} ${n}`,
    image: Uint8Array.from({ length: 18 }, (_, i) => mark(Math.floor(i / 3))),
    labels: Uint8Array.from({ length: 6 }, (_, i) => mark(i) % 19),
  };
}

class FakeSource implements TileSource {
  readonly reads: (readonly [Split, readonly number[]])[] = [];
  train: number;
  failing = 0;

  constructor(train: number) {
    this.train = train;
  }

  get info(): DatasetInfo {
    return {
      id: 'fake' as DatasetId,
      name: 'fake',
      origin: 'imported',
      layout: 'plain',
      size,
      splits: { train: { tiles: this.train, labelled: this.train }, val: { tiles: 3, labelled: 3 } },
      classPixels: [],
      sizeBytes: 0,
      state: 'ready',
      createdAtMs: 0,
    };
  }

  async read(split: Split, indices: readonly number[]): Promise<readonly Tile[]> {
    this.reads.push([split, indices]);
    if (this.failing > 0) {
      this.failing--;
      throw new Error('the disk is busy');
    }
    return indices.map((n) => tileOf(split, n));
  }
}

const options = { seed: 5, batch: 4, flip: true };
const take = async (stream: BatchStream, count: number) => {
  const batches = [];
  for (let i = 0; i < count; i++) batches.push(await stream.next());
  return batches;
};

describe('EpochSampler', () => {
  it('draws every index once an epoch, in another order each time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.integer({ min: 1, max: 9 }),
        (count, seed, step) => {
          const sampler = new EpochSampler({ seed, key: 'a', count: () => count });
          const drawn: number[] = [];
          while (drawn.length < 3 * count) drawn.push(...sampler.next(step));
          const all = Array.from({ length: count }, (_, i) => i);
          for (let epoch = 0; epoch < 3; epoch++) {
            expect(drawn.slice(epoch * count, (epoch + 1) * count).toSorted((a, b) => a - b)).toEqual(all);
          }
        },
      ),
    );
    const sampler = new EpochSampler({ seed: 1, key: 'a', count: () => 50 });
    expect(sampler.next(50)).not.toEqual(sampler.next(50));
  });

  it('continues from its state exactly as if uninterrupted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(50), fc.nat(50), (count, before, after) => {
        const make = () => new EpochSampler({ seed: 3, key: 'k', count: () => count });
        const whole = make();
        whole.next(before);
        const resumed = make();
        resumed.restore(JSON.parse(JSON.stringify(whole.state())));
        expect(resumed.next(after)).toEqual(whole.next(after));
      }),
    );
  });

  it('takes up a growing dataset at the next epoch, also after a restore', () => {
    let count = 4;
    const sampler = new EpochSampler({ seed: 3, key: 'k', count: () => count });
    sampler.next(2);
    count = 8;
    const resumed = new EpochSampler({ seed: 3, key: 'k', count: () => count });
    resumed.restore(sampler.state());
    expect(sampler.next(2).every((index) => index < 4)).toBe(true);
    expect(sampler.next(8).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(resumed.next(10).slice(2).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('stays within its subset', () => {
    const sampler = new EpochSampler({ seed: 3, key: 'k', count: () => 100, subset: [7, 42] });
    expect(new Set(sampler.next(20))).toEqual(new Set([7, 42]));
    const free = new EpochSampler({ seed: 3, key: 'k', count: () => 100 });
    expect(() => free.restore(sampler.state())).toThrow(/another kind of stream/);
  });
});

describe('labelledSubset', () => {
  it('nests: N labelled tiles contain every smaller choice of the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60), (seed, count, a, b) => {
        const [few, many] = [labelledSubset(seed, count, Math.min(a, b)), labelledSubset(seed, count, Math.max(a, b))];
        expect(many.slice(0, few.length)).toEqual(few);
        expect(new Set(many).size).toBe(Math.min(count, Math.max(a, b)));
        expect(many.every((index) => index >= 0 && index < count)).toBe(true);
      }),
    );
  });
});

describe('BatchStream', () => {
  it('mirrors photo and labels together or not at all', async () => {
    const batches = await take(sourceStream(new FakeSource(8), options), 20);
    let mirrored = 0;
    for (const { images, labels, count } of batches) {
      expect(count).toBe(4);
      for (let i = 0; i < count; i++) {
        const image = images.subarray(i * 18, (i + 1) * 18);
        const n = Math.min(...image);
        const marked = image[0] === n + 100;
        expect(image[marked ? 6 : 0]).toBe(n);
        expect(image[marked ? 0 : 6]).toBe(n + 100);
        expect(labels?.[i * 6]).toBe((image[0] ?? 0) % 19);
        expect(labels?.[i * 6 + 2]).toBe((image[6] ?? 0) % 19);
        if (!marked) mirrored++;
      }
    }
    expect(mirrored).toBeGreaterThan(20);
    expect(mirrored).toBeLessThan(60);
  });

  it('reads exactly one batch ahead', async () => {
    const source = new FakeSource(40);
    const stream = sourceStream(source, options);
    expect(source.reads.length).toBe(0);
    await stream.next();
    expect(source.reads.length).toBe(2);
    await stream.next();
    expect(source.reads.length).toBe(3);
  });

  it('never samples the validation split', async () => {
    const source = new FakeSource(5);
    await take(sourceStream(source, options), 9);
    await take(targetStream(source, options), 9);
    await take(labelledTargetStream(source, options, [1, 4]), 9);
    expect(new Set(source.reads.map(([split]) => split))).toEqual(new Set(['train']));
  });

  it('hands out no labels as an unlabelled target, whatever the dataset knows', async () => {
    const batches = await take(targetStream(new FakeSource(8), options), 5);
    expect(batches.every(({ labels }) => labels === null)).toBe(true);
  });

  it('shows the labelled target only the tiles of the seeded subset', async () => {
    const source = new FakeSource(30);
    await take(labelledTargetStream(source, options, labelledSubset(5, 30, 3)), 6);
    expect(new Set(source.reads.flatMap(([, indices]) => indices))).toEqual(new Set(labelledSubset(5, 30, 3)));
  });

  it('keeps its labelled tiles when it resumes on a dataset that has grown', async () => {
    const before = labelledTargetStream(new FakeSource(30), options, labelledSubset(5, 30, 3));
    await take(before, 2);
    const grown = new FakeSource(90);
    const after = labelledTargetStream(grown, options, labelledSubset(5, 90, 3));
    after.restore(structuredClone(before.state()));
    await take(after, 6);
    expect(new Set(grown.reads.flatMap(([, indices]) => indices))).toEqual(new Set(labelledSubset(5, 30, 3)));
  });

  it('resumes with the very batches that an uninterrupted stream gives', async () => {
    const whole = sourceStream(new FakeSource(11), options);
    await take(whole, 3);
    const resumed = sourceStream(new FakeSource(11), options);
    resumed.restore(structuredClone(whole.state()));
    expect(await take(resumed, 6)).toEqual(await take(whole, 6));
  });

  it('gives the same batch again after a failed read', async () => {
    const expected = await take(sourceStream(new FakeSource(11), options), 3);
    const source = new FakeSource(11);
    const stream = sourceStream(source, options);
    expect(await stream.next()).toEqual(expected[0]);
    source.failing = 1;
    expect(await stream.next()).toEqual(expected[1]);
    await expect(stream.next()).rejects.toThrow('the disk is busy');
    expect(await stream.next()).toEqual(expected[2]);
  });

  it('ignores every pixel of a tile that has no labels', async () => {
    const source = new FakeSource(2);
    source.read = async (split, indices) => indices.map((n) => ({ ...tileOf(split, n), labels: null }));
    const { labels } = await readBatch(source, 'val', [0, 1]);
    expect(labels?.every((label) => label === IGNORE)).toBe(true);
    expect((await readBatch(source, 'val', [0], { labels: false })).labels).toBeNull();
  });
});

describe('spreadIndices', () => {
  it('spreads evenly, without repetition, and takes all for 0', () => {
    expect(spreadIndices(10, 2)).toEqual([2, 7]);
    expect(spreadIndices(3, 0)).toEqual([0, 1, 2]);
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (total, wanted) => {
        const indices = spreadIndices(total, wanted);
        expect(new Set(indices).size).toBe(wanted === 0 ? total : Math.min(total, wanted));
        expect(indices.every((index) => index >= 0 && index < total)).toBe(true);
      }),
    );
  });
});
