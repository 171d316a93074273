// Stages that compute pictures: left in the middle and opened again, they leave the same bytes.
import { beforeAll, expect, test } from 'vitest';
import type { DeviceInfo } from '../../domain/device.ts';
import type { Recipe, Stage } from '../../domain/recipe.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { ListingRunStore, RUN, runConfig, runHost, stripedPair, traceOf, watchRun } from '../../testing/runHarness.ts';
import { type RunHost, resumeRun, startRun } from '../run/openRun.ts';

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

const pair = stripedPair(5);
const host = (store: ListingRunStore, partBytes: number): RunHost => runHost({ device, store, pair, partBytes });

const train = (id: string, method: string, params = {}): Stage => {
  return { kind: 'train', id, method, params: { batchSize: 1, ...params }, steps: 1 };
};
const recipe = (...stages: Stage[]): Recipe => ({ schemaVersion: 1, id: 'computed', stages });

/** Two translated images to a part, or three labelled ones: both leave a shorter last part. */
const PART_BYTES = 775;
const RECIPES: readonly [string, Recipe][] = [
  [
    'a translation by a network',
    recipe(train('gan', 'cyclegan', { crop: 8 }), {
      kind: 'translate',
      id: 'made',
      translator: { stage: 'gan', role: 'toTarget' },
    }),
  ],
  ['a translation by pairs', recipe({ kind: 'translate', id: 'made', translator: { pair: 'fda', params: {} } })],
  [
    'a labelling',
    recipe(train('teacher', 'source-only'), {
      kind: 'pseudo-label',
      id: 'made',
      teacher: { stage: 'teacher', role: 'segmenter' },
      params: { views: 1, thresholdRule: 'class-wise' },
    }),
  ],
];

async function leftAlone(asked: Recipe, partBytes: number) {
  const store = new ListingRunStore();
  const session = await startRun(runConfig({ recipe: asked }), RUN, host(store, partBytes), watchRun().observer);
  await session.play();
  await session.dispose();
  return traceOf(store);
}

/** A run that was closed after the first part of its last stage. */
async function leftInTheMiddle(asked: Recipe): Promise<ListingRunStore> {
  const store = new ListingRunStore();
  const { seen, observer } = watchRun();
  const session = await startRun(runConfig({ recipe: asked }), RUN, host(store, PART_BYTES), observer);
  while (seen.states.at(-1)?.stage?.id !== 'made' || seen.states.at(-1)?.stage?.done === 0) await session.step();
  await session.dispose();
  const { done } = (await store.load(RUN.runId)).summary.progress;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(5);
  return store;
}

test.each(RECIPES)('%s that is left in the middle goes on there, and leaves the same bytes', async (_, asked) => {
  const store = await leftInTheMiddle(asked);
  const first = await store.loadOutput(RUN.runId, 'made.000000.tiles');
  // A second pass over the first part would bring the right bytes back.
  await store.saveOutput(RUN.runId, 'made.000000.tiles', Uint8Array.of(7));
  const { session } = await resumeRun(RUN.runId, host(store, PART_BYTES), watchRun().observer);
  await session.play();
  await session.dispose();
  expect(await store.loadOutput(RUN.runId, 'made.000000.tiles')).toEqual(Uint8Array.of(7));
  await store.saveOutput(RUN.runId, 'made.000000.tiles', first ?? new Uint8Array());
  expect(await traceOf(store)).toEqual(await leftAlone(asked, PART_BYTES));
});

test.each(RECIPES)('%s begins anew where parts have another size now', async (_, asked) => {
  const store = await leftInTheMiddle(asked);
  const others = 400;
  const { session } = await resumeRun(RUN.runId, host(store, others), watchRun().observer);
  await session.play();
  await session.dispose();
  expect(await traceOf(store)).toEqual(await leftAlone(asked, others));
});
