// What the browser says about keeping, and what the page says when it did not.
import { beforeEach, expect, test, vi } from 'vitest';
import { leftRun } from '../fake/scene.ts';
import { renderStudio } from '../testing/renderStudio.tsx';
import { storageNews, watchForEviction } from './permanence.ts';

beforeEach(() => localStorage.clear());

test.each([
  [true, 'kept'],
  [false, 'best-effort'],
  [undefined, 'unknown'],
] as const)('persisted: %s is told as %s', async (answer, permanence) => {
  const storage =
    answer === undefined ? {} : { persisted: async () => answer, estimate: async () => ({ usage: 3, quota: 9 }) };
  const bytes = answer === undefined ? { usedBytes: null, quotaBytes: null } : { usedBytes: 3, quotaBytes: 9 };
  expect(await storageNews(storage)).toEqual({ permanence, ...bytes });
});

test('a browser that refuses to say is not believed to keep', async () => {
  const refuse = () => Promise.reject(new TypeError('blocked'));
  expect(await storageNews({ persisted: refuse, estimate: refuse })).toMatchObject({ permanence: 'unknown' });
});

test('what was stored and is gone is missed, what a person deleted is not', async () => {
  const { studio } = renderStudio();
  const codes = () => studio.engine.getState().failures.map(({ error }) => error.code);
  await vi.waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  watchForEviction(studio);
  expect(codes()).toEqual([]);
  studio.runs.setState({ list: [leftRun({ recipe: 'source-only', status: 'paused', share: 0.5 })] });
  studio.runs.setState({ list: [] });
  watchForEviction(studio);
  expect(codes()).toEqual([]);
  localStorage.setItem('udas-studio.stored', 'yes');
  watchForEviction(studio);
  expect(codes()).toEqual(['storage.evicted']);
});
