// Kernel choices in IndexedDB: the contract, and a value that is no table.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { describeTuningStore, TABLE } from '../../testing/tuningStoreContract.ts';
import { IdbTuningStore } from './idbTuningStore.ts';
import { openDatabase } from './openDatabase.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describeTuningStore('IdbTuningStore', async () => new IdbTuningStore(openDatabase()));

it('has no table where the text is damaged', async () => {
  const database = openDatabase();
  const store = new IdbTuningStore(database);
  await store.save(TABLE.adapter, TABLE);
  await database.write(['settings'], async (transaction) => {
    await transaction.objectStore('settings').put('{"format', `kernels ${TABLE.adapter}`);
  });
  expect(await store.load(TABLE.adapter)).toBeNull();
});
