import { expect, test } from 'vitest';
import { isEvaluationStep } from './evaluationSchedule.ts';

const schedule = (steps: number, every: number) =>
  Array.from({ length: steps }, (_, i) => i + 1).filter((step) => isEvaluationStep(step, steps, every));

test('comes early, then at every interval, and at the end', () => {
  expect(schedule(130, 50)).toEqual([5, 10, 25, 50, 100, 130]);
});

test('evaluates each step at most once where the interval is short', () => {
  expect(schedule(5, 2)).toEqual([1, 2, 4, 5]);
  expect(schedule(3, 1)).toEqual([1, 2, 3]);
});
