import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { StudioError } from '../../domain/errors.ts';
import { MemoryRunStore } from '../../session/storage/memoryRunStore.ts';
import { IdbRunStore } from './idbRunStore.ts';
import { openStores } from './openStores.ts';

afterEach(() => vi.unstubAllGlobals());

test('keeps runs in IndexedDB where there is one, without a word', async () => {
  const troubles: StudioError[] = [];
  const { runStore } = await openStores((error) => troubles.push(error));
  expect(runStore).toBeInstanceOf(IdbRunStore);
  expect(troubles).toEqual([]);
});

test('falls back to memory in a window that stores nothing, and says so', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const troubles: StudioError[] = [];
  const { runStore } = await openStores((error) => troubles.push(error));
  expect(runStore).toBeInstanceOf(MemoryRunStore);
  expect(await runStore.listRuns()).toEqual([]);
  expect(troubles.map(({ code }) => code)).toEqual(['storage.unavailable']);
});
