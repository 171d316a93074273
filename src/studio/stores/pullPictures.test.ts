// The loop that brings pictures: one credit at a time, none for a hidden page, patience with a stage that has none.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type PictureFrame, pictureKind } from '../../bridge/pictures/pictureKind.ts';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import { StudioError } from '../../domain/errors.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import type { RunId } from '../../domain/run.ts';
import { createFakeWorker } from '../fake/fakeWorker.ts';
import { configOf, DEFAULT_DRAFT } from './draft.ts';
import { pullPictures } from './pullPictures.ts';
import { createStudio } from './studio.ts';

const KIND = pictureKind<null, PictureFrame>('anything');
const runId = 'r1' as RunId;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A studio with an open run whose worker gives these answers, one a request, and then none. */
function open(answers: readonly (PictureFrame | null | StudioError)[]) {
  const studio = createStudio(createFakeWorker().client);
  studio.runs.setState({
    current: {
      runId,
      name: '',
      config: configOf(DEFAULT_DRAFT, bareRecipe('m', {}, 1), []),
      classes: CITYSCAPES_CLASSES,
    },
  });
  const asked: number[] = [];
  const received: number[] = [];
  const left = [...answers];
  vi.spyOn(studio.client, 'request').mockImplementation((_name, body) => {
    asked.push((body as { after: number }).after);
    const next = left.shift();
    if (next instanceof StudioError) return Promise.reject(next);
    return next === undefined ? new Promise(() => undefined) : Promise.resolve({ frame: next } as never);
  });
  let watched = true;
  const pulling = pullPictures({
    ...{ studio, runId, kind: KIND, ask: null },
    isWatched: () => watched,
    receive: ({ step }) => received.push(step),
  });
  const failures = () => studio.engine.getState().failures.map(({ error }) => error.code);
  return { studio, asked, received, failures, pulling, leave: () => (watched = false) };
}

test('each frame is the credit for the next, at most ten a second', async () => {
  const { asked, received } = open([{ step: 0 }, { step: 3 }]);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked, received]).toEqual([[-1], [0]]);
  await vi.advanceTimersByTimeAsync(99);
  expect(asked).toEqual([-1]);
  await vi.advanceTimersByTimeAsync(1);
  expect([asked, received]).toEqual([
    [-1, 0],
    [0, 3],
  ]);
});

test('a stage that has none is asked again a second later, for the same', async () => {
  const { asked, received } = open([{ step: 7 }, null, { step: 8 }]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([asked, received]).toEqual([[-1, 7], [7]]);
  await vi.advanceTimersByTimeAsync(200);
  expect([asked, received]).toEqual([
    [-1, 7, 7],
    [7, 8],
  ]);
});

test('a hidden page grants no credit until it is seen again', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const { asked } = open([{ step: 0 }, { step: 1 }]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toEqual([-1]);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toEqual([-1, 0]);
});

test('who looks no more, or has left the run, hears nothing more', async () => {
  const looked = open([{ step: 0 }, { step: 1 }]);
  looked.leave();
  await looked.pulling;
  expect(looked.received).toEqual([]);
  const other = open([{ step: 0 }, { step: 1 }]);
  await vi.advanceTimersByTimeAsync(0);
  other.studio.runs.setState({ current: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect([other.asked, other.received]).toEqual([[-1], [0]]);
});

test('the reason of a run that failed is shown, and the pulling ends', async () => {
  const { asked, failures } = open([new StudioError('train.diverged', '', ''), { step: 1 }]);
  await vi.advanceTimersByTimeAsync(5000);
  expect([asked, failures()]).toEqual([[-1], ['train.diverged']]);
});

test.each(['gpu.device-lost', 'gpu.out-of-memory', 'bridge.worker-crashed', 'run.taken'] as const)(
  'after %s the run goes on: the same is asked again, from any step',
  async (code) => {
    const { asked, received, failures } = open([{ step: 5 }, new StudioError(code, '', ''), { step: 1 }]);
    await vi.advanceTimersByTimeAsync(1150);
    expect([asked, received, failures()]).toEqual([[-1, 5, -1], [5, 1], []]);
  },
);
