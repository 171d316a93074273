import { beforeAll, expect, test, vi } from 'vitest';
import { DATASET_TILES } from '../../bridge/pictures/datasetTiles.ts';
import { pictureKind } from '../../bridge/pictures/pictureKind.ts';
import { PREDICTIONS } from '../../bridge/pictures/predictions.ts';
import { STAGE_TILES } from '../../bridge/pictures/stageTiles.ts';
import { STEP_VIEWS } from '../../bridge/pictures/stepViews.ts';
import { StudioError } from '../../domain/errors.ts';
import { scoresOf } from '../../domain/metrics.ts';
import { bareRecipe, type Recipe, type Stage } from '../../domain/recipe.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { RUN, runConfig, runHost, watchRun } from '../../testing/runHarness.ts';
import type { RunStore } from '../ports.ts';
import { MemoryRunStore } from '../storage/memoryRunStore.ts';
import { type RunHost, resumeRun, startRun } from './openRun.ts';

let device: RunHost['device'];
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

const host = (store?: RunStore): RunHost => runHost({ device, ...(store === undefined ? {} : { store }) });

test('a run goes from preparing to finished, reports every step once and evaluates on the whole split at the end', async () => {
  const { seen, observer } = watchRun();
  const session = await startRun(runConfig(), RUN, host(), observer);
  await session.play();
  expect(seen.states.at(-1)).toMatchObject({ status: 'finished', step: 4, error: null });
  expect(seen.steps).toEqual([1, 2, 3, 4]);
  expect(seen.evaluations.map(({ step, images }) => [step, images])).toEqual([
    [1, 2],
    [2, 2],
    [4, 8],
  ]);
  expect(scoresOf(seen.evaluations.at(-1)!.confusion).pixels).toBe(8 * 16 * 8);
  expect(seen.saved.at(-1)).toMatchObject({ status: 'finished', step: 4, last: { step: 4 } });
  await session.dispose();
});

test('single steps, pause and stop take effect at the next step', async () => {
  const { seen, observer } = watchRun();
  const session = await startRun(runConfig(), RUN, host(), observer);
  await session.step();
  expect(seen.states.at(-1)).toMatchObject({ status: 'paused', step: 1 });
  const playing = session.play();
  await session.pause();
  await playing;
  const paused = seen.states.at(-1)!;
  expect(paused.status).toBe('paused');
  expect(paused.step).toBeLessThan(4);
  await session.stop();
  expect(seen.states.at(-1)).toMatchObject({ status: 'stopped', step: paused.step });
  // Stopping is not the end: what was stopped can be played on.
  await session.play();
  expect(seen.states.at(-1)).toMatchObject({ status: 'finished', step: 4 });
  await session.dispose();
});

test('play pressed while a pause is still being saved goes on', async () => {
  const { seen, observer } = watchRun();
  const session = await startRun(runConfig(), RUN, host(), observer);
  const first = session.play();
  const pausing = session.pause();
  const second = session.play();
  await Promise.all([first, pausing, second]);
  expect(seen.states.at(-1)).toMatchObject({ status: 'finished', step: 4 });
  await session.dispose();
});

test('a run continued from its checkpoint ends with the weights of an uninterrupted one, bit for bit', async () => {
  const whole = await startRun(runConfig(), RUN, host(), watchRun().observer);
  await whole.play();
  const expected = await whole.exportWeights();
  await whole.dispose();

  const store = new MemoryRunStore();
  const first = await startRun(runConfig(), RUN, host(store), watchRun().observer);
  await first.step();
  await first.step();
  await first.dispose();
  const { session: second } = await resumeRun(RUN.runId, host(store), watchRun().observer);
  await second.play();
  expect(await second.exportWeights()).toEqual(expected);
  const { metrics, evaluations } = await store.load(RUN.runId);
  expect(metrics['train/lr']?.steps).toEqual(Float64Array.of(1, 2, 3, 4));
  expect(evaluations.map(({ step }) => step)).toEqual([1, 2, 4]);
  await second.dispose();
});

test('pictures are answered with a newer frame, once, and refused when the run is closed', async () => {
  const session = await startRun(runConfig(), RUN, host(), watchRun().observer);
  const first = await session.pull(PREDICTIONS, -1, null);
  expect(first).toMatchObject({ step: 0 });
  expect(first?.predictions).toHaveLength(4);
  expect(first?.predictions[0]?.classes).toHaveLength(16 * 8);
  const next = session.pull(PREDICTIONS, 0, null);
  await session.step();
  expect((await next)?.step).toBe(1);
  const never = session.pull(PREDICTIONS, 1, null);
  const refused = expect(never).rejects.toMatchObject({ code: 'config.unmet-need' });
  await session.dispose();
  await refused;
});

test('a stage that has no pictures lets nobody wait: who asks hears so, and who waits when it begins, too', async () => {
  const translate: Stage = { kind: 'translate', id: 'fda', translator: { pair: 'fda', params: {} } };
  const [train] = bareRecipe('source-only', { batchSize: 1 }, 1).stages;
  const recipe: Recipe = { schemaVersion: 1, id: 'r', stages: [translate, train!, { ...translate, id: 'again' }] };
  const { seen, observer } = watchRun();
  const session = await startRun(runConfig({ recipe }), RUN, host(), observer);
  expect(await session.pull(PREDICTIONS, -1, null)).toBeNull();
  expect(await session.pull(STEP_VIEWS, -1, null)).toBeNull();
  while (seen.states.at(-1)?.stage?.kind !== 'train') await session.step();
  expect(await session.pull(STEP_VIEWS, -1, null)).toBeNull();
  expect((await session.pull(PREDICTIONS, -1, null))?.step).toBe(session.current.step);
  const waiting = session.pull(PREDICTIONS, 1, null);
  await session.play();
  expect(await waiting).toBeNull();
  await session.dispose();
});

test('images of the run are there at once, as many as there are; what nobody draws is refused', async () => {
  const session = await startRun(runConfig(), RUN, host(), watchRun().observer);
  const frame = await session.pull(DATASET_TILES, -1, { of: 'target', split: 'train', count: 3 });
  expect(frame).toMatchObject({ step: 0, images: 8, indices: [1, 4, 6] });
  expect(frame?.tiles.map(({ image }) => image.length)).toEqual([384, 384, 384]);
  const all = await session.pull(DATASET_TILES, -1, { of: 'source', split: 'val', count: 24 });
  expect(all?.indices).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const none = { stage: 'elsewhere', indices: [0] };
  await expect(session.pull(STAGE_TILES, -1, none)).rejects.toMatchObject({ code: 'data.not-found' });
  await expect(session.pull(pictureKind('nothing'), -1, null)).rejects.toMatchObject({ code: 'config.invalid' });
  await session.dispose();
});

test('after a failure, requests are refused with its reason', async () => {
  const session = await startRun(runConfig(), RUN, host(), watchRun({ mayFail: true }).observer);
  await session.abort(new StudioError('gpu.device-lost', 'The device was lost.', 'Reload.'));
  await expect(session.pull(PREDICTIONS, -1, null)).rejects.toMatchObject({ code: 'gpu.device-lost' });
  await session.dispose();
});

test('a full disk does not end training and loses no measurement', async () => {
  const store = new MemoryRunStore();
  const save = store.save.bind(store);
  let full = true;
  store.save = (...args) =>
    full ? Promise.reject(new StudioError('storage.quota', 'The disk is full.', 'Free some space.')) : save(...args);
  const { seen, observer } = watchRun({ mayFail: true });
  const session = await startRun(runConfig(), RUN, host(store), observer);
  await session.step();
  expect(seen.problems.map(({ code }) => code)).toContain('storage.quota');
  full = false;
  await session.play();
  expect(seen.states.at(-1)?.status).toBe('finished');
  expect((await store.load(RUN.runId)).metrics['train/lr']?.steps).toEqual(Float64Array.of(1, 2, 3, 4));
  await session.dispose();
});

test('a full disk at the end of a stage pauses the run, and playing on tries again', async () => {
  const store = new MemoryRunStore();
  const saveOutput = store.saveOutput.bind(store);
  let full = true;
  store.saveOutput = (...args) =>
    full
      ? Promise.reject(new StudioError('storage.quota', 'The disk is full.', 'Free some space.'))
      : saveOutput(...args);
  const { seen, observer } = watchRun({ mayFail: true });
  const session = await startRun(runConfig(), RUN, host(store), observer);
  await session.play();
  expect(seen.states.at(-1)).toMatchObject({ status: 'paused', step: 4 });
  expect(seen.problems.map(({ code }) => code)).toEqual(['storage.quota']);
  await session.play();
  expect(seen.states.at(-1)).toMatchObject({ status: 'paused', step: 4 });
  full = false;
  await session.play();
  expect(seen.states.at(-1)).toMatchObject({ status: 'finished', step: 4 });
  await session.dispose();
});

test('a run is stored before anything of it is built, and not at all where it cannot be', async () => {
  const store = new MemoryRunStore();
  const waiting = host(store);
  const stuck = { ...waiting, source: () => new Promise<never>(() => undefined) };
  void startRun(runConfig(), RUN, stuck, watchRun().observer);
  await vi.waitFor(async () => expect((await store.listRuns())[0]).toMatchObject({ status: 'preparing', step: 0 }));
  const other = new MemoryRunStore();
  const config = runConfig({ recipe: bareRecipe('source-only', { batchSize: 0 }, 4) });
  await expect(startRun(config, RUN, host(other), watchRun().observer)).rejects.toMatchObject({
    code: 'config.invalid',
  });
  expect(await other.listRuns()).toEqual([]);
});

test('a lost device fails the run and keeps its last checkpoint', async () => {
  const store = new MemoryRunStore();
  const { seen, observer } = watchRun({ mayFail: true });
  const session = await startRun(runConfig(), RUN, host(store), observer);
  await session.step();
  await session.abort(new StudioError('gpu.device-lost', 'The device was lost.', 'Reload.'));
  expect(seen.states.at(-1)).toMatchObject({ status: 'failed', error: { code: 'gpu.device-lost' } });
  expect(await store.load(RUN.runId)).toMatchObject({ summary: { status: 'failed', step: 1 } });
  await session.dispose();
});

test.each([
  [
    'more labels than there are',
    runConfig({ recipe: bareRecipe('supervised', {}, 4), labelledTargets: 9 }),
    'config.unmet-need',
  ],
  [
    'no labels where the method needs some',
    runConfig({ recipe: bareRecipe('supervised', {}, 4) }),
    'config.unmet-need',
  ],
  ['a parameter out of range', runConfig({ recipe: bareRecipe('source-only', { batchSize: 0 }, 4) }), 'config.invalid'],
  ['an unknown network', runConfig({ network: 'resnet-9000' }), 'config.invalid'],
])('refuses %s', async (_, asked, code) => {
  await expect(startRun(asked, RUN, host(), watchRun().observer)).rejects.toMatchObject({ code });
});
