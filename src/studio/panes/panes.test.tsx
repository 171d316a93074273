// What holds for every pane, and what is shown when: texts and order, the offer at each kind of stage, a choice that is gone.

import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { MethodInfo } from '../../domain/method.ts';
import { bareRecipe, type Stage } from '../../domain/recipe.ts';
import type { RunId } from '../../domain/run.ts';
import { createI18n } from '../i18n/i18n.ts';
import { configOf, DEFAULT_DRAFT } from '../stores/draft.ts';
import { createEngineStore } from '../stores/engine.ts';
import { createRunsStore } from '../stores/runs.ts';
import { renderStudio } from '../testing/renderStudio.tsx';
import type { PaneOffer } from './core/definePane.ts';
import { PANES } from './core/registry.ts';
import { shownOf } from './core/usePanes.ts';

const folders = Object.keys(import.meta.glob('./*/pane.tsx')).map((path) => path.split('/')[1]);

test('a pane is called like its folder, has a name in both languages, and a place in the order', () => {
  expect(PANES.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
  for (const language of ['en', 'ko'] as const) {
    const i18n = createI18n(language);
    expect(PANES.filter(({ id }) => !i18n.exists(`panes.${id}.name`)).map(({ id }) => id)).toEqual([]);
  }
  expect(new Set(PANES.map(({ order }) => order)).size).toBe(PANES.length);
});

const view = { name: 'v', label: 'V', kind: 'image' } as const;
const method = (produces: MethodInfo['produces'], views: MethodInfo['views'] = []): MethodInfo => ({
  id: 'm',
  produces,
  citation: '',
  needs: { sourceLabels: true, targetImages: false, targetLabels: false },
  params: {},
  metrics: [],
  ...(views.length === 0 ? {} : { views }),
});
const translate: Stage = { kind: 'translate', id: 't', translator: { pair: 'fda', params: {} } };

/** A run in its stage `index`. */
function offerOf(info: MethodInfo, { before = [], index = 0 }: { before?: readonly Stage[]; index?: number } = {}) {
  const bare = bareRecipe('m', {}, 10);
  const recipe = { ...bare, stages: [...before, ...bare.stages] };
  const config = configOf(DEFAULT_DRAFT, recipe, [info]);
  const { id, kind } = recipe.stages[index]!;
  const runId = 'r' as RunId;
  const stage = { index, id, kind, done: 0, total: 10 };
  const status = { status: 'running', step: 0, steps: 10, stepsPerSecond: null, leftMs: null, error: null } as const;
  const state: PaneOffer = {
    runs: {
      ...createRunsStore().getState(),
      current: { runId, name: '', config, classes: CITYSCAPES_CLASSES },
      state: { runId, stage, ...status },
    },
    engine: { ...createEngineStore().getState(), methods: [info] },
  };
  return PANES.filter((pane) => pane.isOffered(state)).map(({ id: pane }) => pane);
}

test.each([
  ['a segmenter', method('segmenter'), {}, ['validation']],
  ['a segmenter that shows its step', method('segmenter', [view]), {}, ['validation', 'step']],
  ['a translator that shows its step', method('translator', [view]), {}, ['step']],
  ['a translator that shows nothing', method('translator'), {}, ['validation']],
  ['a stage that makes pictures', method('segmenter', [view]), { before: [translate] }, ['validation']],
  ['the stage after it', method('segmenter'), { before: [translate], index: 1 }, ['validation', 'made']],
] as const)('what there is to look at in %s', (_name, info, at, panes) => {
  expect(offerOf(info, at).filter((id) => ['validation', 'step', 'made'].includes(id))).toEqual(panes);
});

test('a choice that is not offered, or is no pane any more, falls back to the first', () => {
  const [first, ...others] = PANES;
  expect(shownOf(PANES, others.at(-1)!.id)?.id).toBe(others.at(-1)?.id);
  expect(shownOf([first!], others.at(-1)!.id)).toBe(first);
  expect(shownOf(PANES, 'a pane of last year')).toBe(first);
  expect(shownOf(PANES, null)).toBe(first);
  expect(shownOf([], 'validation')).toBeNull();
});

test('a stored choice that is no pane any more shows the first one, and the switch goes on working', async () => {
  const methods = [{ ...method('segmenter', [view]), id: 'source-only' }];
  const { studio } = renderStudio({ hello: { methods } }, 'en', 'source-only');
  studio.view.setState({ pane: 'a pane of last year' });
  await waitFor(() => expect(studio.pictures.getState().pinned).not.toEqual([]));
  expect(await screen.findByRole('region', { name: 'Target validation' })).toBeTruthy();
  await userEvent.click(await screen.findByRole('radio', { name: 'Inside the step' }));
  expect(await screen.findByTestId('step-views')).toBeTruthy();
  expect(studio.view.getState().pane).toBe('step');
});
