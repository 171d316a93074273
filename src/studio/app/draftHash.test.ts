// The address says what differs, gives it back, and survives whatever people paste.
import { expect, test } from 'vitest';
import { DEFAULT_DRAFT } from '../stores/draft.ts';
import { draftFromHash, hashOf } from './draftHash.ts';

test('the default needs no address', () => {
  expect(hashOf(DEFAULT_DRAFT)).toBe('');
});

test('what differs comes back', () => {
  const draft = {
    ...DEFAULT_DRAFT,
    seed: 42,
    method: 'supervised',
    labelledTargets: 5,
    recipe: 'ladder',
    recipeLength: 0.5,
    scenes: { size: { width: 256, height: 128 }, styleGap: 0.1, layoutGap: 1 },
  };
  expect(draftFromHash(`#${hashOf(draft)}`)).toEqual(draft);
});

test.each([
  '#seed=-1',
  '#seed=abc',
  '#steps=1e9',
  '#length=0',
  '#length=x',
  '#style=2',
  '#style=',
  '#size=9999999x1',
  '#method=<b>',
  '#what=1',
  '#constructor=1',
  '#__proto__=1',
  '#toString=1&valueOf=2',
  '#%%%',
])('%s changes nothing', (hash) => {
  expect(draftFromHash(hash)).toEqual(DEFAULT_DRAFT);
});
