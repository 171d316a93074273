// The recording that the fake worker repeats: what it holds is what the worker could say. Newer methods need no new recording.
import { expect, test } from 'vitest';
import { resolveParams } from '../domain/params.ts';
import { parseRecipeForm } from '../session/recipes/recipeSchema.ts';
import { RECORDED } from '../studio/fake/recorded.ts';

test('the recording has what a page is made of, and only that', () => {
  expect(Object.keys(RECORDED).toSorted()).toEqual(['methods', 'metrics', 'networks', 'recipes']);
  for (const list of Object.values(RECORDED)) expect(list.length).toBeGreaterThan(0);
});

test.each(RECORDED.methods)('the recorded method $id has settings that can be chosen', ({ params, produces }) => {
  expect(Object.keys(resolveParams(params, {}))).toEqual(Object.keys(params));
  expect(['segmenter', 'translator']).toContain(produces);
});

test.each(RECORDED.recipes)('the recorded recipe $id can be read', (recipe) => {
  const methods = RECORDED.methods.map(({ id }) => id);
  for (const stage of parseRecipeForm(recipe).stages)
    if (stage.kind === 'train') expect(methods).toContain(stage.method);
});
