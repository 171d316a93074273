// What every store of measured kernel choices does.
import { describe, expect, it } from 'vitest';
import type { TuningTable } from '../domain/tuningTable.ts';
import type { TuningStore } from '../session/ports.ts';

export const TABLE: TuningTable = {
  format: 1,
  kernelVersion: 1,
  adapter: 'a card / "of" someone',
  choices: { 'forward n1': 'register 2x4x1' },
};

export function describeTuningStore(name: string, open: () => Promise<TuningStore>): void {
  describe(`${name} as a store of kernel choices`, () => {
    it('gives back what was saved, per adapter, the last save counting', async () => {
      const store = await open();
      expect(await store.load(TABLE.adapter)).toBeNull();
      await store.save(TABLE.adapter, TABLE);
      await store.save('another', { ...TABLE, adapter: 'another' });
      const later = { ...TABLE, choices: { 'forward n1': 'register 4x4x1' } };
      await store.save(TABLE.adapter, later);
      expect(await store.load(TABLE.adapter)).toEqual(later);
      expect(await store.load('another')).toEqual({ ...TABLE, adapter: 'another' });
      expect(await store.load('a third')).toBeNull();
    });
  });
}
