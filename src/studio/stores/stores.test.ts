// What the stores promise: columns grow without loss, evaluations are in order, names repeat, drafts know what stops them.

import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { DatasetId, DatasetInfo } from '../../domain/dataset.ts';
import type { MethodInfo } from '../../domain/method.ts';
import type { NetworkInfo } from '../../domain/network.ts';
import { bareRecipe, type Recipe } from '../../domain/recipe.ts';
import type { RunId } from '../../domain/run.ts';
import { configOf, DEFAULT_DRAFT, type DraftState, problemOf, recipeOf } from './draft.ts';
import { createEngineStore, reportFailure } from './engine.ts';
import { addEvaluations, appendMetrics, Column, createMetricsStore } from './metrics.ts';
import { runName } from './runName.ts';
import { createRunsStore, isOnScreen } from './runs.ts';
import { createViewStore, setThreshold, soloClass, toggleClass } from './view.ts';

const range = (from: number, count: number) => Float64Array.from({ length: count }, (_, index) => from + index);

test('a column keeps everything that was appended, in order', () => {
  const column = new Column();
  for (let at = 0; at < 1000; at += 7) column.append(range(at, 7), range(-at, 7));
  expect(column.length).toBe(1001);
  expect([...column.steps]).toEqual([...range(0, 1001)]);
  expect(column.values[994]).toBe(-994);
});

test('appending tells subscribers once and keeps known columns', () => {
  const metrics = createMetricsStore();
  let told = 0;
  metrics.subscribe(() => told++);
  const frame = (step: number) => ({ 'train/loss_seg': { steps: range(step, 1), values: range(step, 1) } });
  appendMetrics(metrics, frame(1));
  const first = metrics.getState().columns;
  appendMetrics(metrics, frame(2));
  expect(metrics.getState().columns).toBe(first);
  expect(told).toBe(2);
  appendMetrics(metrics, { 'train/lr': { steps: range(2, 1), values: range(0, 1) } });
  expect([...metrics.getState().columns.keys()]).toEqual(['train/loss_seg', 'train/lr']);
});

test('evaluations are sorted by step, and one is kept per step', () => {
  const metrics = createMetricsStore();
  const evaluation = (step: number, hits: number) => ({ step, images: 1, confusion: Float64Array.of(hits, 1, 0, 1) });
  addEvaluations(metrics, [evaluation(20, 1), evaluation(10, 1)]);
  addEvaluations(metrics, [evaluation(20, 2)]);
  const { evaluations } = metrics.getState();
  expect(evaluations.map(({ step }) => step)).toEqual([10, 20]);
  expect(evaluations[1]!.scores.aAcc).toBe(75);
});

test('a run is named by seed and count, in ASCII', () => {
  expect(runName(1, 1)).toBe(runName(1, 1));
  expect(runName(1, 1)).not.toBe(runName(2, 1));
  for (let seed = 0; seed < 200; seed++) expect(runName(seed, 7)).toMatch(/^[a-z]+-[a-z]+-7$/);
});

test('a class alone, and back to all', () => {
  const view = createViewStore();
  toggleClass(view, 'wall');
  expect(view.getState().hidden).toEqual(['wall']);
  soloClass(view, CITYSCAPES_CLASSES, 'wall');
  expect(view.getState().hidden).toHaveLength(18);
  expect(view.getState().hidden).not.toContain('wall');
  soloClass(view, CITYSCAPES_CLASSES, 'wall');
  expect(view.getState().hidden).toEqual([]);
});

test('the threshold moves in hundredths and stays within 0 and 1, and is remembered', () => {
  const view = createViewStore();
  setThreshold(view, 0.7 + 0.01);
  expect(view.getState().threshold).toBe(0.71);
  setThreshold(view, 1.4);
  expect(view.getState().threshold).toBe(1);
  expect(createViewStore().getState().threshold).toBe(1);
});

test('the same failure again replaces the older banner; only the newest three stay', () => {
  const engine = createEngineStore();
  const codes = ['gpu.device-lost', 'storage.quota', 'gpu.device-lost', 'config.invalid', 'train.diverged'] as const;
  for (const code of codes) reportFailure(engine, { code, message: '', advice: '', context: {} });
  const shown = engine.getState().failures;
  expect(shown.map(({ error }) => error.code)).toEqual(['train.diverged', 'config.invalid', 'gpu.device-lost']);
  expect(new Set(shown.map(({ id }) => id)).size).toBe(3);
});

test('the last words of a run that was left are not taken for the next one', () => {
  const runs = createRunsStore();
  const [old, next] = ['old', 'next'] as unknown as [RunId, RunId];
  runs.setState({ busy: true, left: old });
  expect(isOnScreen(runs.getState(), old)).toBe(false);
  expect(isOnScreen(runs.getState(), next)).toBe(true);
});

const method = (targetLabels: boolean): MethodInfo => ({
  id: 'source-only',
  produces: 'segmenter',
  citation: '',
  needs: { sourceLabels: true, targetImages: false, targetLabels },
  params: { learningRate: { kind: 'number', default: 0.003, min: 0, max: 1, step: 0.001 } },
  metrics: [],
});
const network: NetworkInfo = { id: DEFAULT_DRAFT.network, label: 'any', parameters: 1, sizeMultiple: 8 };
const imported = (width: number, labelled: number): DatasetInfo => ({
  id: 'mine' as DatasetId,
  name: 'mine',
  origin: 'imported',
  layout: 'plain',
  size: { width, height: 64 },
  splits: { train: { tiles: 5, labelled }, val: { tiles: 1, labelled: 1 } },
  classPixels: [],
  sizeBytes: 1,
  state: 'ready',
  createdAtMs: 0,
});

test('a draft becomes a whole configuration; labels are asked for only by methods that need them', () => {
  const configFor = (draft: DraftState, info: MethodInfo) => {
    const recipe = recipeOf(draft, { methods: [info], recipes: [] });
    return configOf(draft, recipe!, [info]);
  };
  const config = configFor(
    { ...DEFAULT_DRAFT, params: { 'source-only': { learningRate: 0.5 } }, steps: 20 },
    method(false),
  );
  expect(config.recipe).toEqual(bareRecipe('source-only', { learningRate: 0.5 }, 20));
  expect(config.labelledTargets).toBe(0);
  expect(config.evaluateEvery).toBe(20);
  expect(configFor(DEFAULT_DRAFT, method(true)).labelledTargets).toBe(DEFAULT_DRAFT.labelledTargets);
});

test('a draft with a recipe runs that; labels are asked for where a stage leaves their number open', () => {
  const stage = { kind: 'train', id: 'a', method: 'source-only', params: {}, steps: 7 } as const;
  const recipe: Recipe = { schemaVersion: 1, id: 'two', stages: [stage, { ...stage, id: 'b', labels: 5 }] };
  const draft = { ...DEFAULT_DRAFT, recipe: 'two', evaluateEvery: 50 };
  expect(recipeOf(draft, { methods: [method(true)], recipes: [recipe] })).toBe(recipe);
  expect(configOf(draft, recipe, [method(true)])).toMatchObject({ recipe, labelledTargets: 20, evaluateEvery: 14 });
  const fixed = { ...recipe, stages: [{ ...stage, labels: 'all' as const }] };
  expect(configOf(draft, fixed, [method(true)]).labelledTargets).toBe(0);
  expect(problemOf(draft, { methods: [method(false)], networks: [network], recipes: [] }, [])?.kind).toBe(
    'unknownMethod',
  );
});

test.each([
  ['nothing', DEFAULT_DRAFT, [], undefined],
  ['a method nobody has', { ...DEFAULT_DRAFT, method: 'magic' }, [], 'unknownMethod'],
  [
    'a dataset that is gone',
    { ...DEFAULT_DRAFT, source: { kind: 'imported', id: 'mine' as DatasetId } },
    [],
    'datasetMissing',
  ],
  [
    'sizes that differ',
    { ...DEFAULT_DRAFT, source: { kind: 'imported', id: 'mine' as DatasetId } },
    [imported(64, 5)],
    'sizesDiffer',
  ],
  [
    'a source without labels',
    { ...DEFAULT_DRAFT, source: { kind: 'imported', id: 'mine' as DatasetId } },
    [imported(128, 0)],
    'noSourceLabels',
  ],
  [
    'classes that differ',
    { ...DEFAULT_DRAFT, target: { kind: 'imported', id: 'mine' as DatasetId } },
    [{ ...imported(128, 5), classes: CITYSCAPES_CLASSES.slice(1) }],
    'classesDiffer',
  ],
  [
    'other classes without labels: nothing',
    { ...DEFAULT_DRAFT, target: { kind: 'imported', id: 'mine' as DatasetId } },
    [{ ...imported(128, 0), splits: { train: { tiles: 5, labelled: 0 }, val: { tiles: 1, labelled: 0 } } }],
    undefined,
  ],
  [
    'a size the network cannot take',
    { ...DEFAULT_DRAFT, scenes: { ...DEFAULT_DRAFT.scenes, size: { width: 100, height: 60 } } },
    [],
    'sizeMultiple',
  ],
] as const)('what stops a draft: %s', (_name, draft, datasets, kind) => {
  const offer = { methods: [method(false)], networks: [network], recipes: [] };
  expect(problemOf(draft, offer, datasets)?.kind).toBe(kind);
});
