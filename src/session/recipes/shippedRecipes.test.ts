import { describe, expect, it, test } from 'vitest';
import { mergeRecipes, type Recipe, stageKeys } from '../../domain/recipe.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import { checkRecipe, parseRecipeForm } from './recipeSchema.ts';
import { SHIPPED_RECIPES, shippedRecipe } from './shippedRecipes.ts';

const keysOf = (recipe: Recipe) => new Set(stageKeys(recipe).values());

test.each(SHIPPED_RECIPES.map((recipe) => [recipe.id, recipe] as const))('%s can be started', (_, recipe) => {
  const checked = checkRecipe(recipe);
  expect(checked).toMatchObject(recipe);
  expect(checkRecipe(checked)).toEqual(checked);
});

test('a checked recipe says every setting, so that a stored run does not change with the defaults', () => {
  for (const stage of checkRecipe(shippedRecipe('ladder')).stages) {
    if (stage.kind !== 'train') continue;
    expect(Object.keys(stage.params)).toEqual(Object.keys(methodEntry(stage.method).info.params));
  }
});

test('the ladder is its ablation steps, each piece of work once', () => {
  const steps = ['source-only', 'st', 'st+uda', 'st+uda+ssl', 'udas'].map(shippedRecipe);
  const merged = mergeRecipes('ladder', steps);
  expect(keysOf(merged)).toEqual(keysOf(shippedRecipe('ladder')));
  expect(keysOf(shippedRecipe('ladder')).size).toBe(shippedRecipe('ladder').stages.length);
});

test('only ablation steps that say so see target labels', () => {
  const supervised = shippedRecipe('ladder').stages.flatMap((stage) =>
    stage.kind === 'train' && methodEntry(stage.method).info.needs.targetLabels ? [stage.id] : [],
  );
  expect(supervised).toEqual(['ssl', 'student-1', 'student-2']);
});

test('data-dependency compares at 100, 20, 5 labels and all, and trains the label-free stages once', () => {
  const { stages } = shippedRecipe('data-dependency');
  const row = (rung: string) =>
    stages.flatMap((stage) => (stage.kind === 'train' && stage.rung === rung ? [stage.labels] : []));
  expect(row('supervised')).toEqual(['all', 100, 20, 5]);
  expect(row('kd-2')).toEqual(['all', 100, 20, 5, 0]);
  expect(stages.filter(({ id }) => id === 'cyclegan' || id === 'translated')).toHaveLength(2);
});

describe('a recipe from outside is refused', () => {
  const stage = { kind: 'train', id: 'a', method: 'source-only', params: {}, steps: 5 };
  const check = (...stages: unknown[]) => checkRecipe(parseRecipeForm({ schemaVersion: 1, id: 'x', stages }));

  it.each([
    ['with a field nobody knows', [{ ...stage, colour: 'red' }]],
    ['with a name that cannot be stored', [{ ...stage, id: '../a' }]],
    ['without stages', []],
    ['with two stages of one name', [stage, stage]],
    ['with an unknown method', [{ ...stage, method: 'magic' }]],
    ['with a parameter that every object inherits', [{ ...stage, params: { constructor: 1 } }]],
    ['with a field that every object inherits', [{ ...stage, toString: 1 }]],
    ['with a parameter out of range', [{ ...stage, params: { learningRate: 9 } }]],
    ['that takes from a later stage', [{ ...stage, start: { segmenter: { stage: 'b', role: 'segmenter' } } }]],
    [
      'with a role that is a path',
      [stage, { ...stage, id: 'b', start: { segmenter: { stage: 'a', role: 'x/../y' } } }],
    ],
    ['that takes images from a stage that makes none', [stage, { ...stage, id: 'b', source: 'a' }]],
    ['that learns from pseudo-labels nobody makes', [{ ...stage, method: 'student-strict' }]],
    ['with an unknown translator', [{ kind: 'translate', id: 't', translator: { pair: 'magic', params: {} } }]],
  ])('%s', (_, stages) => {
    expect(() => check(...stages)).toThrowError(expect.objectContaining({ code: 'config.invalid' }));
  });
});
