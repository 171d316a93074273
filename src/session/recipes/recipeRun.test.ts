// Recipes as whole runs on the CPU: what feeds what, and what changes while they run. Kills are killedRun.test.ts.
import { beforeAll, expect, test } from 'vitest';
import type { Recipe } from '../../domain/recipe.ts';
import type { RunConfig } from '../../domain/run.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { ListingRunStore, RUN, runConfig, runHost, stripedPair, traceOf, watchRun } from '../../testing/runHarness.ts';
import type { RunStore } from '../ports.ts';
import { type RunHost, resumeRun, startRun } from '../run/openRun.ts';

const TWO: Recipe = {
  schemaVersion: 1,
  id: 'two',
  stages: [
    { kind: 'train', id: 'first', method: 'source-only', params: { batchSize: 1 }, steps: 3, rung: 'source-only' },
    {
      kind: 'train',
      id: 'second',
      method: 'supervised',
      params: { batchSize: 1 },
      steps: 3,
      labels: 1,
      start: { segmenter: { stage: 'first', role: 'segmenter' } },
      rung: 'supervised',
    },
  ],
};

const config = (recipe: Recipe = TWO): RunConfig => runConfig({ recipe, evaluateEvery: 100, evaluationImages: 1 });
const pair = stripedPair(2);

let device: RunHost['device'];
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

const host = (store: RunStore): RunHost => runHost({ device, store, pair, tickMs: 2500 });

test('stages run one after the other, the second from the weights of the first, each scored at its end', async () => {
  const store = new ListingRunStore();
  const { seen, observer } = watchRun();
  const session = await startRun(config(), RUN, host(store), observer);
  await session.play();
  await session.dispose();
  const trace = await traceOf(store);
  expect(trace.summary).toMatchObject({ status: 'finished', step: 6, progress: { stage: 2, done: 0 } });
  expect(trace.metrics['train/loss_seg']?.steps).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  // The second stage has a learning rate schedule of its own.
  expect([...(trace.metrics['train/lr']?.values ?? [])].slice(3)).toEqual(
    [...(trace.metrics['train/lr']?.values ?? [])].slice(0, 3),
  );
  expect(trace.evaluations.map(({ step, images }) => [step, images])).toContainEqual([3, 2]);
  expect(trace.evaluations.at(-1)).toMatchObject({ step: 6, images: 2 });
  expect(seen.states.map(({ stage }) => stage?.id)).toContain('second');
  expect(seen.states.at(-1)).toMatchObject({ step: 6, steps: 6, stage: { index: 1, done: 3, total: 3 } });

  const alone = new ListingRunStore();
  const { start: _, ...unfed } = TWO.stages[1] as Extract<(typeof TWO.stages)[1], { kind: 'train' }>;
  const other = await startRun(config({ ...TWO, stages: [unfed] }), RUN, host(alone), watchRun().observer);
  await other.play();
  await other.dispose();
  expect(await alone.loadOutput(RUN.runId, 'second.segmenter.safetensors')).not.toEqual(
    trace.outputs['second.segmenter.safetensors'],
  );
});

test('a parameter changed under way lands at the next step, is recorded, and is replayed after a kill', async () => {
  const kept = new ListingRunStore();
  const { seen, observer } = watchRun();
  const session = await startRun(config(), RUN, host(kept), observer);
  await session.step();
  await session.setParams('second', { learningRate: 0.02 });
  await session.setParams('first', { learningRate: 0.01 });
  const expected = [
    { step: 1, stage: 'first', param: 'learningRate', from: 0.003, to: 0.01 },
    { step: 3, stage: 'second', param: 'learningRate', from: 0.003, to: 0.02 },
  ];
  expect(session.current.changes).toEqual(expected);
  expect(seen.changes).toHaveLength(2);
  await session.play();
  const steered = await traceOf(kept);
  const rates = [...(steered.metrics['train/lr']?.values ?? [])];
  expect((rates[1] ?? 0) / (rates[4] ?? 1)).toBeCloseTo(0.5, 6);
  expect((rates[0] ?? 0) / (rates[3] ?? 1)).toBeCloseTo(0.15, 6);
  await expect(session.setParams('first', { learningRate: 0.5 })).rejects.toMatchObject({ code: 'config.invalid' });
  await session.dispose();

  // As if it had been killed before its first save: the record is all there is.
  const replayed = new ListingRunStore();
  await replayed.saveSummary((await kept.load(RUN.runId)).summary);
  const { session: again } = await resumeRun(RUN.runId, host(replayed), watchRun().observer);
  await again.play();
  await again.dispose();
  expect(await traceOf(replayed)).toEqual(steered);
});

test.each([
  ['a value out of range', 'first', { learningRate: 7 }],
  ['what was settled when the stage was built', 'first', { weightDecay: 0 }],
  ['what would change how many images are read', 'second', { batchSize: 2 }],
  ['a stage that is not there', 'third', { learningRate: 0.1 }],
])('refuses to change %s', async (_, stage, values) => {
  const session = await startRun(config(), RUN, host(new ListingRunStore()), watchRun().observer);
  await expect(session.setParams(stage, values)).rejects.toMatchObject({ code: 'config.invalid' });
  expect(session.current.changes).toEqual([]);
  await session.dispose();
});
