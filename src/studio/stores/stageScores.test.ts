import { expect, test } from 'vitest';
import { scoresOf } from '../../domain/metrics.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { ablationScores, ablationStepBefore, labelCounts, labelCurves, previousAblationStep } from './stageScores.ts';

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
  expect(ablationScores(recipe, evaluations).map(({ rung, evaluation }) => [rung, evaluation.step])).toEqual([
    ['first', 10],
    ['second', 25],
  ]);
});

test('an ablation step is compared with the one before it, never with itself', () => {
  expect(previousAblationStep(recipe, [at(5), at(10)])).toBeNull();
  expect(previousAblationStep(recipe, [at(10), at(20)])?.rung).toBe('first');
  expect(previousAblationStep(recipe, [at(10), at(20), at(25)])?.rung).toBe('first');
  expect(previousAblationStep(recipe, [])).toBeNull();
});

test('an ablation step is compared with the one that it goes on from, across whatever lies between', () => {
  const from = (stage: string) => ({ start: { segmenter: { stage, role: 'segmenter' } } });
  const stages = [
    { ...train('few', 10, 'supervised'), labels: 5 },
    { ...train('many', 10, 'supervised'), labels: 'all' as const },
    { ...train('uda', 10, 'uda'), labels: 0 },
    { ...train('bridge', 10), ...from('uda') },
    { ...train('ssl', 10, 'ssl'), labels: 5, ...from('bridge') },
  ];
  const tree: Recipe = { schemaVersion: 1, id: 'tree', stages };
  expect(ablationStepBefore(tree, stages[4]!)?.id).toBe('uda');
  expect(ablationStepBefore(tree, stages[1]!)).toBeNull();
  expect(ablationStepBefore(recipe, recipe.stages[3] as (typeof stages)[0])?.id).toBe('a');
  expect(previousAblationStep(tree, [at(10), at(20), at(30), at(45)])?.rung).toBe('uda');
  expect(previousAblationStep(tree, [at(10), at(20)])).toBeNull();
});

test('label curves hold finished stages only, results first, few labels before many', () => {
  const stages = (['all', 100, 5] as const).flatMap((labels) => [
    { ...train(`ssl@${labels}`, 10, 'ssl'), labels },
    { ...train(`kd@${labels}`, 10, 'kd'), labels, start: { student: { stage: `ssl@${labels}`, role: 'segmenter' } } },
  ]);
  const curve: Recipe = { schemaVersion: 1, id: 'curve', stages };
  expect(labelCounts(curve)).toEqual([5, 100, 'all']);
  expect(labelCounts(recipe)).toEqual([]);
  const curves = labelCurves(curve, [at(10), at(20), at(30), at(35)]);
  expect(curves.map(({ rung, isResult, points }) => [rung, isResult, points.map(({ labels }) => labels)])).toEqual([
    ['kd', true, ['all']],
    ['ssl', false, ['all', 100]],
  ]);
});
