// What every TileStore promises, as tests: each implementation runs this one suite.
import { beforeEach, describe, expect, it } from 'vitest';
import type { ImportJournal, TileStore } from '../data/ports.ts';
import type { DatasetId, DatasetInfo, Split, Tile } from '../domain/dataset.ts';

export const SIZE = { width: 4, height: 2 };

export function datasetInfo(id: string, train: number, val: number, createdAtMs = 1000): DatasetInfo {
  return {
    id: id as DatasetId,
    name: `Dataset ${id}`,
    origin: 'imported',
    layout: 'plain',
    size: SIZE,
    splits: { train: { tiles: train, labelled: train }, val: { tiles: val, labelled: val } },
    classPixels: Array.from({ length: 20 }, (_, c) => c * train),
    sizeBytes: (train + val) * 32,
    state: 'importing',
    createdAtMs,
  };
}

export function journal(id: string, nextIndex: number, fingerprint = 'aa'): ImportJournal {
  return {
    datasetId: id as DatasetId,
    fingerprint,
    options: { name: `Dataset ${id}`, size: SIZE, mode: 'resize', holdOut: 0.1 },
    nextIndex,
    issues: [{ path: 'images/0.png', code: 'data.unpaired', message: 'No label.', context: { width: 3 } }],
  };
}

/** Tiles whose bytes tell them apart, as views into a larger buffer (stores must not keep or return the rest of it). */
export function tilesFrom(first: number, count: number, labelled = true): Tile[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    const pool = Uint8Array.from({ length: 64 }, (_, byte) => (n * 31 + byte) & 255);
    return { name: `tile ${n}`, image: pool.subarray(5, 29), labels: labelled ? pool.subarray(40, 48) : null };
  });
}

const plain = (tiles: readonly Tile[]) =>
  tiles.map(({ name, image, labels }) => ({ name, image: [...image], labels: labels && [...labels] }));

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export function describeTileStore(name: string, create: () => Promise<TileStore>): void {
  describe(`${name} keeps the TileStore contract`, () => {
    let store: TileStore;
    const id = 'd1' as DatasetId;
    const read = async (split: Split, count: number) => plain(await store.read(id, split, range(count)));

    beforeEach(async () => {
      store = await create();
    });

    it('starts empty', async () => {
      expect(await store.listDatasets()).toEqual([]);
      expect(await store.findJournal('aa')).toBeNull();
    });

    it('gives back tiles byte for byte, in the order asked, across appends and splits', async () => {
      const val = tilesFrom(100, 2, false);
      await store.append(datasetInfo('d1', 3, 0), { train: tilesFrom(0, 3), val: [] }, journal('d1', 3));
      await store.append(datasetInfo('d1', 5, 2), { train: tilesFrom(3, 2), val }, journal('d1', 7));
      expect(await read('train', 5)).toEqual(plain(tilesFrom(0, 5)));
      expect(await read('val', 2)).toEqual(plain(val));
      const [four, one, again] = await store.read(id, 'train', [4, 1, 4]);
      expect(plain([four!, one!, again!])).toEqual(plain([...tilesFrom(4, 1), ...tilesFrom(1, 1), ...tilesFrom(4, 1)]));
      expect(await store.read(id, 'train', [])).toEqual([]);
    });

    it('keeps description and journal of the last append, and lists newest first', async () => {
      await store.append(datasetInfo('d1', 1, 0, 1000), { train: tilesFrom(0, 1), val: [] }, journal('d1', 1));
      await store.append(datasetInfo('d2', 0, 0, 3000), { train: [], val: [] }, journal('d2', 0, 'bb'));
      await store.append(datasetInfo('d1', 2, 0, 1000), { train: tilesFrom(1, 1), val: [] }, journal('d1', 2));
      expect(await store.listDatasets()).toEqual([datasetInfo('d2', 0, 0, 3000), datasetInfo('d1', 2, 0, 1000)]);
      expect(await store.findJournal('aa')).toEqual(journal('d1', 2));
      expect(await store.findJournal('bb')).toEqual(journal('d2', 0, 'bb'));
    });

    it('removes the journal with the append that finishes an import', async () => {
      await store.append(datasetInfo('d1', 1, 0), { train: tilesFrom(0, 1), val: [] }, journal('d1', 1));
      await store.append({ ...datasetInfo('d1', 2, 0), state: 'ready' }, { train: tilesFrom(1, 1), val: [] }, null);
      expect(await store.findJournal('aa')).toBeNull();
      expect((await store.listDatasets())[0]?.state).toBe('ready');
    });

    it('keeps what a finished import found, and does not take it for one to continue', async () => {
      await store.append(datasetInfo('d1', 0, 0), { train: [], val: [] }, journal('d1', 0));
      await store.append(datasetInfo('d2', 0, 0), { train: [], val: [] }, { ...journal('d2', 5), isComplete: true });
      expect((await store.findJournal('aa'))?.datasetId).toBe('d1');
      expect(await store.journalOf('d2' as DatasetId)).toEqual({ ...journal('d2', 5), isComplete: true });
      await store.deleteDataset('d2' as DatasetId);
      expect(await store.journalOf('d2' as DatasetId)).toBeNull();
    });

    it('finds the newest of two imports of the same files', async () => {
      await store.append(datasetInfo('d1', 0, 0), { train: [], val: [] }, journal('d1', 0));
      await store.append(datasetInfo('d2', 0, 0), { train: [], val: [] }, journal('d2', 5));
      expect((await store.findJournal('aa'))?.nextIndex).toBe(5);
    });

    it.each([
      ['skip', 4],
      ['overwrite', 2],
    ])('refuses tiles that would %s some, and changes nothing', async (_, total) => {
      await store.append(datasetInfo('d1', 2, 0), { train: tilesFrom(0, 2), val: [] }, journal('d1', 2));
      const append = store.append(datasetInfo('d1', total, 0), { train: tilesFrom(9, 1), val: [] }, journal('d1', 9));
      await expect(append).rejects.toMatchObject({ code: 'storage.blocked' });
      expect(await store.listDatasets()).toEqual([datasetInfo('d1', 2, 0)]);
      expect(await store.findJournal('aa')).toEqual(journal('d1', 2));
      expect(await read('train', 2)).toEqual(plain(tilesFrom(0, 2)));
      await expect(store.read(id, 'train', [2])).rejects.toMatchObject({ code: 'data.not-found' });
    });

    it('says which tile is not there', async () => {
      await store.append(datasetInfo('d1', 2, 0), { train: tilesFrom(0, 2), val: [] }, null);
      await expect(store.read(id, 'train', [0, 2])).rejects.toMatchObject({
        code: 'data.not-found',
        context: { split: 'train', index: 2 },
      });
      await expect(store.read('other' as DatasetId, 'val', [0])).rejects.toMatchObject({ code: 'data.not-found' });
    });

    it('deletes a dataset with every tile and its journal, and no other', async () => {
      for (const name of ['d', 'd1', 'd10']) {
        await store.append(
          datasetInfo(name, 2, 1),
          { train: tilesFrom(0, 2), val: tilesFrom(9, 1) },
          journal(name, 3, name),
        );
      }
      await store.deleteDataset(id);
      expect((await store.listDatasets()).map((info) => info.id).sort()).toEqual(['d', 'd10']);
      await expect(store.read(id, 'train', [0])).rejects.toMatchObject({ code: 'data.not-found' });
      await expect(store.read(id, 'val', [0])).rejects.toMatchObject({ code: 'data.not-found' });
      expect(await store.findJournal('d1')).toBeNull();
      expect(await store.findJournal('d10')).not.toBeNull();
      expect(await store.read('d10' as DatasetId, 'val', [0])).toHaveLength(1);
      await store.deleteDataset('never was' as DatasetId);
    });
  });
}
