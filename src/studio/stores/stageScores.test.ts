import { expect, test } from 'vitest';
import { scoresOf } from '../../domain/metrics.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { previousRung, rungScores } from './stageScores.ts';

const train = (id: string, steps: number, rung?: string) =>
  ({ kind: 'train', id, method: 'source-only', params: {}, steps, ...(rung === undefined ? {} : { rung }) }) as const;
const recipe: Recipe = {
  schemaVersion: 1,
  id: 'r',
  stages: [
    train('a', 10, 'first'),
    train('between', 5),
    { kind: 'translate', id: 't', translator: { pair: 'fda', params: {} } },
    train('b', 10, 'second'),
  ],
};
const at = (step: number) => ({ step, images: 1, scores: scoresOf(Float64Array.of(1, 0, 0, 1)) });

test('each evaluation counts for the stage that its step lies in', () => {
  const evaluations = [at(5), at(10), at(12), at(20), at(25)];
  expect(rungScores(recipe, evaluations).map(({ rung, evaluation }) => [rung, evaluation.step])).toEqual([
    ['first', 10],
    ['second', 25],
  ]);
});

test('a rung is compared with the one before it, never with itself', () => {
  expect(previousRung(recipe, [at(5), at(10)])).toBeNull();
  expect(previousRung(recipe, [at(10), at(20)])?.rung).toBe('first');
  expect(previousRung(recipe, [at(10), at(20), at(25)])?.rung).toBe('first');
  expect(previousRung(recipe, [])).toBeNull();
});
