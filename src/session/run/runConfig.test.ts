import { expect, test } from 'vitest';
import { DEFAULT_SCENES } from '../../domain/dataset.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import { runSummary } from '../../testing/runStoreData.ts';
import { currentSummary, parseRunConfig } from './runConfig.ts';

/** As the first release stored it. */
const VERSION_1 = {
  schemaVersion: 1,
  seed: 7,
  source: { kind: 'scenes', role: 'game', settings: DEFAULT_SCENES },
  target: { kind: 'scenes', role: 'camera', settings: DEFAULT_SCENES },
  validation: null,
  labelledTargets: 20,
  network: 'lite',
  method: { id: 'supervised', params: { jitter: 0.5 } },
  steps: 400,
  evaluateEvery: 50,
  evaluationImages: 24,
};

test('a configuration of one method becomes a recipe of one stage', () => {
  const { method, steps, ...rest } = VERSION_1;
  expect(parseRunConfig(VERSION_1)).toEqual({
    ...rest,
    schemaVersion: 2,
    recipe: bareRecipe(method.id, method.params, steps),
  });
});

test.each([
  ['under way', 120, { stage: 0, done: 120 }],
  ['finished', 400, { stage: 1, done: 0 }],
])('a run stored before there were recipes, %s, stands where it stood', (_, step, progress) => {
  const { progress: _p, changes: _c, targetTiles: _t, ...old } = runSummary(step);
  const stored = { ...old, config: VERSION_1 } as unknown as ReturnType<typeof runSummary>;
  expect(currentSummary(stored)).toEqual({
    ...old,
    config: parseRunConfig(VERSION_1),
    progress,
    changes: [],
    targetTiles: null,
  });
});

test('a field that is wrong is named', () => {
  expect(() => parseRunConfig({ ...VERSION_1, seed: -1 })).toThrowError(
    expect.objectContaining({ code: 'config.invalid', context: { key: 'seed', value: '-1' } }),
  );
  const recipe = { ...bareRecipe('supervised', {}, 5), stages: [] };
  const { method: _m, steps: _s, ...rest } = VERSION_1;
  expect(() => parseRunConfig({ ...rest, schemaVersion: 2, recipe })).toThrowError(
    expect.objectContaining({ code: 'config.invalid' }),
  );
});
