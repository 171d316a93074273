// Where tiles and runs are kept: IndexedDB, or memory where the browser stores nothing (some private windows).
import type { TileStore } from '../../data/ports.ts';
import { StudioError } from '../../domain/errors.ts';
import type { RunStore, TuningStore } from '../../session/ports.ts';
import { MemoryRunStore } from '../../session/storage/memoryRunStore.ts';
import { MemoryTileStore } from '../../session/storage/memoryTileStore.ts';
import { IdbRunStore } from './idbRunStore.ts';
import { IdbTileStore } from './idbTileStore.ts';
import { IdbTuningStore } from './idbTuningStore.ts';
import { openDatabase } from './openDatabase.ts';

/** A tab that keeps tiles in memory must leave room for training. */
const MEMORY_LIMIT_BYTES = 512 * 2 ** 20;

export interface Stores {
  readonly tileStore: TileStore;
  readonly runStore: RunStore;
  /** Kernels are measured anew where nothing is stored. */
  readonly tuningStore: TuningStore;
}

/** `onTrouble` hears why nothing will outlive the page, and when another tab takes the storage over. */
export async function openStores(onTrouble: (error: StudioError) => void): Promise<Stores> {
  const database = openDatabase({ onSuperseded: onTrouble });
  const stores = {
    tileStore: new IdbTileStore(database),
    runStore: new IdbRunStore(database),
    tuningStore: new IdbTuningStore(database),
  };
  try {
    await stores.runStore.listRuns();
  } catch (error) {
    // A storage that is merely blocked or newer must not be mistaken for none: its contents would seem lost.
    if (!(error instanceof StudioError) || error.code !== 'storage.unavailable') return stores;
    onTrouble(error);
    return {
      tileStore: new MemoryTileStore(MEMORY_LIMIT_BYTES),
      runStore: new MemoryRunStore(),
      tuningStore: stores.tuningStore,
    };
  }
  return stores;
}
