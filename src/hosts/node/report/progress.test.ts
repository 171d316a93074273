// A run that cannot be saved is given up only where it never was.
import { expect, test, vi } from 'vitest';
import { type ErrorCode, StudioError } from '../../../domain/errors.ts';
import { runSummary } from '../../../testing/runStoreData.ts';
import { progressObserver } from './progress.ts';

test.each([
  ['the first save of a run fails', 'storage.quota', false, true],
  ['a later one does', 'storage.quota', true, false],
  ['some history is damaged', 'run.history-damaged', false, false],
] as const)('%s', (_, code: ErrorCode, wasSaved, isGivenUp) => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const giveUp = vi.fn();
  const progress = progressObserver(giveUp);
  if (wasSaved) progress.saved(runSummary(1));
  const problem = new StudioError(code, 'It is full.', 'Make room.');
  progress.problem(problem);
  const said = told.mock.calls.flat();
  told.mockRestore();
  expect(said).toEqual(isGivenUp ? [] : [`${code}: It is full. Make room.`]);
  expect(giveUp.mock.calls).toEqual(isGivenUp ? [[problem]] : []);
  expect(progress.unsaved).toBe(code === 'storage.quota' ? problem : null);
  progress.saved(runSummary(2));
  expect(progress.unsaved).toBeNull();
});
