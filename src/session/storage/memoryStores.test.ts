// The in-memory stores against the shared contracts.
import { describe, expect, it } from 'vitest';
import { describeRunStore } from '../../testing/runStoreContract.ts';
import { datasetInfo, describeTileStore, tilesFrom } from '../../testing/tileStoreContract.ts';
import type { RunStore } from '../ports.ts';
import { MemoryTileStore } from './memoryTileStore.ts';
import { KeptRunStore } from './runs/keptRunStore.ts';
import { MemoryRunFiles } from './runs/memoryRunFiles.ts';

describeTileStore('MemoryTileStore', async () => new MemoryTileStore());
const files = new Map<RunStore, MemoryRunFiles>();
let leases = 0;
const over = (kept: MemoryRunFiles): RunStore => {
  const store = new KeptRunStore(kept, () => `lease ${leases++}`);
  files.set(store, kept);
  return store;
};
describeRunStore(
  'MemoryRunStore',
  async () => over(new MemoryRunFiles()),
  async (first) => over(files.get(first)!),
);

describe('MemoryTileStore with a limit', () => {
  it('refuses what does not fit as a whole, and has room again after a delete', async () => {
    const store = new MemoryTileStore(100);
    const [first, second] = [datasetInfo('d1', 2, 0), datasetInfo('d2', 2, 0)];
    await store.append(first, { train: tilesFrom(0, 2), val: [] }, null);
    expect(await store.freeBytes()).toBe(36);
    await expect(store.append(second, { train: tilesFrom(0, 2), val: [] }, null)).rejects.toMatchObject({
      code: 'storage.quota',
    });
    expect(await store.listDatasets()).toEqual([first]);
    await store.deleteDataset(first.id);
    await store.append(second, { train: tilesFrom(0, 2), val: [] }, null);
    expect(await store.freeBytes()).toBe(36);
  });
});
