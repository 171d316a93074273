// Measured kernel choices in IndexedDB, among the small things that a host remembers.
import type { TuningTable } from '../../domain/tuningTable.ts';
import type { TuningStore } from '../../session/ports.ts';
import type { StudioDatabase } from './openDatabase.ts';

export class IdbTuningStore implements TuningStore {
  private readonly database: StudioDatabase;

  constructor(database: StudioDatabase) {
    this.database = database;
  }

  async load(adapter: string): Promise<unknown> {
    const text = await this.database.use((connection) => connection.get('settings', keyOf(adapter)));
    if (typeof text !== 'string') return null;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  async save(adapter: string, table: TuningTable): Promise<void> {
    await this.database.write(['settings'], async (transaction) => {
      await transaction.objectStore('settings').put(JSON.stringify(table), keyOf(adapter));
    });
  }
}

const keyOf = (adapter: string): string => `kernels ${adapter}`;
