// Names that every object inherits are nobody's entries.
import { expect, test } from 'vitest';
import { inheritedKey, ownEntry } from './ownEntry.ts';

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])('%s is no entry', (key) => {
  expect(ownEntry({ rate: 1 }, key)).toBeUndefined();
  const data: unknown = JSON.parse(`{"stages": [{"params": {"rate": 1, "${key}": 2}}]}`);
  expect(inheritedKey(data)).toBe(key);
  const own: Record<string, number> = JSON.parse(`{"${key}": 3}`);
  expect(ownEntry(own, key)).toBe(3);
});

test('entries are found, and plain data has no inherited key', () => {
  expect(ownEntry({ rate: 1 }, 'rate')).toBe(1);
  expect(ownEntry(undefined, 'rate')).toBeUndefined();
  expect(inheritedKey({ stages: [{ params: { rate: 1, start: null } }], id: 'constructor' })).toBeNull();
});
