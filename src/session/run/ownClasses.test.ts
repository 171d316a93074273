// Runs on classes of one's own, few and many: every kind of stage trains, labels and scores them, a run that was left goes on
// with the same bits, what it leaves says which classes they are, and datasets that tell others apart do not mix.
import { beforeAll, describe, expect, test } from 'vitest';
import { PREDICTIONS } from '../../bridge/pictures/predictions.ts';
import { CITYSCAPES_CLASSES, classesOf } from '../../domain/classes.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import { scoresOf } from '../../domain/metrics.ts';
import type { Recipe, Stage } from '../../domain/recipe.ts';
import { openBackend } from '../../engine/backend/openBackend.ts';
import { trainedClasses } from '../../engine/training/weights.ts';
import { readSafetensors } from '../../engine/weightFiles/safetensors.ts';
import { ownClasses } from '../../testing/ownClasses.ts';
import { ListingRunStore, RUN, runConfig, runHost, stripedPair, traceOf, watchRun } from '../../testing/runHarness.ts';
import { stripes } from '../../testing/stripes.ts';
import { ablationStepsOf, evaluateAblationStep } from '../recipes/ablation.ts';
import { MemoryRunStore } from '../storage/memoryRunStore.ts';
import { resumeRun, startRun } from './openRun.ts';
import { validationOf } from './validation.ts';

let device: DeviceInfo;
beforeAll(async () => {
  device = await openBackend({ preference: 'cpu' });
});

const train = (id: string, method: string, rest: Partial<Stage> = {}): Stage =>
  ({ kind: 'train', id, method, params: { batchSize: 1 }, steps: 2, ...rest }) as Stage;

/** Source only, then a teacher that labels batches as they come, and one whose labels are stored. */
const RECIPE: Recipe = {
  schemaVersion: 1,
  id: 'every-kind',
  stages: [
    train('first', 'source-only', { rung: 'source' }),
    train('taught', 'student-source', {
      params: { batchSize: 1, anchorImages: 1, views: 1, threshold: 0 },
      start: { teacher: { stage: 'first', role: 'segmenter' } },
    }),
    {
      kind: 'pseudo-label',
      id: 'labels',
      teacher: { stage: 'taught', role: 'average' },
      params: { views: 1, thresholdRule: 'class-wise', threshold: 0.5 },
    },
    train('student', 'student-strict', { pseudoLabels: 'labels', rung: 'udas' }),
  ],
};

describe.each([5, 33])('%i classes of one’s own', (count) => {
  const classes = ownClasses(count);
  const pair = stripedPair(2, classes);
  const config = runConfig({ recipe: RECIPE, evaluateEvery: 100 });

  test('train, label and score in every kind of stage, and a run that was left ends with the same bits', async () => {
    const whole = new ListingRunStore();
    const { seen, observer } = watchRun();
    const session = await startRun(config, RUN, runHost({ device, store: whole, pair }), observer);
    await session.play();
    expect(seen.evaluations.at(-1)?.confusion).toHaveLength(count * count);
    expect(scoresOf(seen.evaluations.at(-1)!.confusion).pixels).toBe(2 * 16 * 8);
    expect(classesOf(session.current)).toEqual(classes);
    expect((await session.pull(PREDICTIONS, -1, null))?.predictions).toHaveLength(2);
    const { metadata, tensors } = readSafetensors(await session.exportWeights());
    expect(trainedClasses(metadata)).toEqual(classes);
    expect([...tensors.values()].at(-1)?.shape[0]).toBe(count);
    await session.dispose();

    const store = new ListingRunStore();
    const host = runHost({ device, store, pair });
    for (let lives = 0; lives < 7; lives++) {
      const opened =
        lives === 0
          ? await startRun(config, RUN, host, watchRun().observer)
          : (await resumeRun(RUN.runId, host, watchRun().observer)).session;
      for (let i = 0; i < 3; i++) await opened.step();
      const { status } = opened.current;
      await opened.dispose();
      if (status === 'finished') break;
    }
    expect(await traceOf(store)).toEqual(await traceOf(whole));
  });

  test('are scored again from what a stage left behind', async () => {
    const store = new MemoryRunStore();
    const recipe = { ...RECIPE, stages: RECIPE.stages.slice(0, 1) };
    const { seen, observer } = watchRun();
    const session = await startRun(runConfig({ recipe }), RUN, runHost({ device, store, pair }), observer);
    await session.play();
    await session.dispose();
    const batches = validationOf(pair.target, 0).batches(true);
    const again = await evaluateAblationStep(ablationStepsOf(recipe)[0]!, { store, runId: RUN.runId }, batches);
    expect(again.confusion).toEqual(seen.evaluations.at(-1)?.confusion);
  });
});

describe('datasets that tell other classes apart', () => {
  const mismatch = expect.objectContaining({
    code: 'config.class-mismatch',
    context: expect.objectContaining({
      aClasses: expect.stringContaining('kind 0, kind 1'),
      bClasses: expect.any(String),
    }),
  });
  const opened = (pair: ReturnType<typeof stripedPair>, store = new MemoryRunStore()) =>
    startRun(runConfig(), RUN, runHost({ device, store, pair }), watchRun().observer);
  const own = ownClasses(5);

  test.each([
    ['fewer', ownClasses(4)],
    ['the same in another order', own.toReversed()],
    ['Cityscapes’', CITYSCAPES_CLASSES],
  ])('are refused with both lists: %s', async (_, set) => {
    await expect(opened({ source: stripes({ set: own }), target: stripes({ set }) })).rejects.toEqual(mismatch);
  });

  test('may have other colours, and need none without labels', async () => {
    const recoloured = own.map(({ name }) => ({ name, rgb: [1, 2, 3] as const }));
    const target = stripes({ set: recoloured });
    const session = await opened({ source: stripes({ set: own }), target });
    expect(session.current.classes).toEqual(own);
    await session.dispose();
    const { classes: _, ...info } = target.info;
    const splits = { train: { tiles: 8, labelled: 0 }, val: { tiles: 8, labelled: 0 } };
    const unlabelled = { ...target, info: { ...info, splits } };
    const validation = { kind: 'imported', id: 'source' } as ReturnType<typeof runConfig>['target'];
    const pair = { source: stripes({ set: own }), target: unlabelled };
    const config = runConfig({ validation });
    const other = await startRun(config, RUN, runHost({ device, pair }), watchRun().observer);
    expect(other.current.classes).toEqual(own);
    await other.dispose();
  });

  test('do not continue a run of others', async () => {
    const store = new MemoryRunStore();
    const session = await opened(stripedPair(8, own), store);
    await session.step();
    await session.dispose();
    const host = runHost({ device, store, pair: stripedPair() });
    await expect(resumeRun(RUN.runId, host, watchRun().observer)).rejects.toEqual(mismatch);
  });
});
