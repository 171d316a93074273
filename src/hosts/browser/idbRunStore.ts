// The browser's run store: the rules of every store over IndexedDB.
import { KeptRunStore } from '../../session/storage/runs/keptRunStore.ts';
import { IdbRunFiles } from './idbRunFiles.ts';
import type { StudioDatabase } from './openDatabase.ts';

export class IdbRunStore extends KeptRunStore {
  constructor(database: StudioDatabase) {
    super(new IdbRunFiles(database), () => crypto.randomUUID());
  }
}
