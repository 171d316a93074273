// Recipes as whole runs on the CPU: what feeds what, and that a run that is killed or steered ends where it should.
import { beforeAll, expect, test } from 'vitest';
import type { DatasetId, DatasetRef } from '../../domain/dataset.ts';
import type { Recipe } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { ParamChange, RunConfig, RunId, RunState } from '../../domain/run.ts';
import { memory } from '../../engine/gpu/memory.ts';
import { openBackend } from '../../engine/gpu/openBackend.ts';
import { stripes } from '../../testing/stripes.ts';
import { MemoryRunStore } from '../memoryRunStore.ts';
import { type RunHost, resumeRun, startRun } from '../openRun.ts';
import type { RunStore } from '../ports.ts';
import type { RunObserver } from '../runParts.ts';

const RUN = { runId: 'r1' as RunId, name: 'two' };
const ref = (id: string): DatasetRef => ({ kind: 'imported', id: id as DatasetId });
const tiles = { source: stripes({ count: 2 }), target: stripes({ count: 2, gap: 40, seed: 2 }) };

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

const SHORT: Recipe = { ...TWO, stages: TWO.stages.map((stage) => ({ ...stage, steps: 2 })) };

const config = (recipe: Recipe = TWO): RunConfig => ({
  schemaVersion: 2,
  seed: 3,
  source: ref('source'),
  target: ref('target'),
  validation: null,
  labelledTargets: 0,
  network: 'lite',
  recipe,
  evaluateEvery: 100,
  evaluationImages: 1,
});

let device: RunHost['device'];
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

/** Seconds pass quickly: the run saves every few steps. `breathe` is called once per event of the run. */
function host(store: RunStore, breathe: () => void = () => {}): RunHost {
  let now = 0;
  return {
    store,
    device,
    memory,
    clock: {
      nowMs: () => (now += 2500),
      wallClockMs: () => 7,
      breathe: async () => {
        await new Promise((resolve) => setTimeout(resolve));
        breathe();
      },
    },
    source: async (asked) => (asked.kind === 'imported' && asked.id === 'target' ? tiles.target : tiles.source),
  };
}

function watch(life = { isDead: false }) {
  const seen = { states: [] as RunState[], changes: [] as ParamChange[] };
  const observer: RunObserver = {
    state: (state) => {
      if (state.error !== null && !life.isDead) throw new Error(state.error.message);
      seen.states.push(state);
    },
    metrics: () => {},
    evaluation: () => {},
    saved: () => {},
    changed: (change) => seen.changes.push(change),
    problem: (error) => {
      throw error;
    },
  };
  return { seen, observer };
}

/** What a run leaves that does not depend on clocks. */
async function traceOf(store: RunStore) {
  const { summary, metrics, evaluations } = await store.load(RUN.runId);
  const { status, step, progress, changes, best, last } = summary;
  return {
    summary: { status, step, progress, changes, best, last },
    loss: metrics['train/loss_seg'],
    lr: metrics['train/lr'],
    evaluations,
    first: await store.loadOutput(RUN.runId, 'first.segmenter.safetensors'),
    second: await store.loadOutput(RUN.runId, 'second.segmenter.safetensors'),
  };
}

/** Dies after so many moments (an event of the run, a write); from then on it writes nothing. */
function mortal(store: RunStore, moments = Number.POSITIVE_INFINITY) {
  const life = {
    isDead: false,
    pass: () => {
      moments -= 1;
      if (moments < 0) life.isDead = true;
    },
  };
  const unlessDead =
    <Args extends readonly unknown[]>(write: (...args: Args) => Promise<void>) =>
    (...args: Args): Promise<void> => {
      life.pass();
      return life.isDead ? Promise.reject(new Error('killed')) : write(...args);
    };
  return {
    life,
    store: {
      listRuns: () => store.listRuns(),
      load: (id: RunId) => store.load(id),
      loadOutput: (id: RunId, name: string) => store.loadOutput(id, name),
      deleteRun: (id: RunId) => store.deleteRun(id),
      saveSummary: unlessDead(store.saveSummary.bind(store)),
      save: unlessDead(store.save.bind(store)),
      saveOutput: unlessDead(store.saveOutput.bind(store)),
    } satisfies RunStore,
  };
}

test('stages run one after the other, the second from the weights of the first, each scored at its end', async () => {
  const store = new MemoryRunStore();
  const { seen, observer } = watch();
  const session = await startRun(config(), RUN, host(store), observer);
  await session.play();
  await session.dispose();
  const trace = await traceOf(store);
  expect(trace.summary).toMatchObject({ status: 'finished', step: 6, progress: { stage: 2, done: 0 } });
  expect(trace.loss?.steps).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  // The second stage has a learning rate schedule of its own.
  expect([...(trace.lr?.values ?? [])].slice(3)).toEqual([...(trace.lr?.values ?? [])].slice(0, 3));
  expect(trace.evaluations.map(({ step, images }) => [step, images])).toContainEqual([3, 2]);
  expect(trace.evaluations.at(-1)).toMatchObject({ step: 6, images: 2 });
  expect(seen.states.map(({ stage }) => stage?.id)).toContain('second');
  expect(seen.states.at(-1)).toMatchObject({ step: 6, steps: 6, stage: { index: 1, done: 3, total: 3 } });

  const alone = new MemoryRunStore();
  const { start: _, ...unfed } = TWO.stages[1] as Extract<(typeof TWO.stages)[1], { kind: 'train' }>;
  const other = await startRun(config({ ...TWO, stages: [unfed] }), RUN, host(alone), watch().observer);
  await other.play();
  await other.dispose();
  expect(await alone.loadOutput(RUN.runId, 'second.segmenter.safetensors')).not.toEqual(trace.second);
});

// Five runs' worth of steps on the CPU, which may be busy.
const PATIENCE = { timeout: 240_000 };

test(
  'killed at random moments and opened again, a run ends with the numbers of one that was left alone',
  PATIENCE,
  async () => {
    const whole = new MemoryRunStore();
    const undisturbed = await startRun(config(SHORT), RUN, host(whole), watch().observer);
    await undisturbed.play();
    await undisturbed.dispose();

    const expected = await traceOf(whole);
    const random = new RandomStream(11, 'kills');
    let kills = 0;
    while (kills < 5) {
      const kept = new MemoryRunStore();
      for (let isFinished = false; !isFinished; ) {
        const { life, store } = mortal(kept, kills < 5 ? 1 + random.integer(8) : Number.POSITIVE_INFINITY);
        const dies = () => {
          life.pass();
          if (life.isDead) void session.pause();
        };
        const isNew = (await kept.listRuns()).length === 0;
        const session = isNew
          ? await startRun(config(SHORT), RUN, host(store, dies), watch(life).observer)
          : await resumeRun(await kept.load(RUN.runId), host(store, dies), watch(life).observer);
        await session.play();
        await session.dispose();
        isFinished = !life.isDead;
        if (life.isDead) kills += 1;
      }
      expect(await traceOf(kept)).toEqual(expected);
    }
  },
);

test('a parameter changed under way lands at the next step, is recorded, and is replayed after a kill', async () => {
  const kept = new MemoryRunStore();
  const { life, store } = mortal(kept);
  const { seen, observer } = watch();
  const session = await startRun(config(), RUN, host(store), observer);
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
  const rates = [...(steered.lr?.values ?? [])];
  expect((rates[1] ?? 0) / (rates[4] ?? 1)).toBeCloseTo(0.5, 6);
  expect((rates[0] ?? 0) / (rates[3] ?? 1)).toBeCloseTo(0.15, 6);
  await expect(session.setParams('first', { learningRate: 0.5 })).rejects.toMatchObject({ code: 'config.invalid' });
  await session.dispose();
  life.isDead = true;

  // As if it had been killed before its first save: the record is all there is.
  const replayed = new MemoryRunStore();
  await replayed.saveSummary((await kept.load(RUN.runId)).summary);
  const again = await resumeRun(await replayed.load(RUN.runId), host(replayed), watch().observer);
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
  const session = await startRun(config(), RUN, host(new MemoryRunStore()), watch().observer);
  await expect(session.setParams(stage, values)).rejects.toMatchObject({ code: 'config.invalid' });
  expect(session.current.changes).toEqual([]);
  await session.dispose();
});
