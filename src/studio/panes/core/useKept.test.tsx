// What a step keeps is measured at the parameter whose role is the threshold, whatever it is called.

import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import type { MethodInfo } from '../../../domain/method.ts';
import type { ParamSpecs } from '../../../domain/params.ts';
import type { StepView } from '../../../domain/pictures.ts';
import { bareRecipe } from '../../../domain/recipe.ts';
import type { RunId } from '../../../domain/run.ts';
import { createFakeWorker } from '../../fake/fakeWorker.ts';
import { configOf, DEFAULT_DRAFT } from '../../stores/draft.ts';
import { dataOf, putData } from '../../stores/pictures.ts';
import { createStudio } from '../../stores/studio.ts';
import { StudioContext } from '../../stores/studioContext.ts';
import { addStep, SEEN } from '../step/seenSteps.ts';
import { useKept } from './useKept.ts';

const view = (name: string, role: 'decision' | 'kept', values: number[]): StepView => ({
  ...{ name, role, label: name, kind: 'label', count: 1 },
  size: { width: values.length, height: 1 },
  values: Uint8Array.from(values),
});

function keptOf(params: ParamSpecs) {
  const views = [view('said', 'decision', [2, 2]), view('left', 'kept', [255, 2])];
  const method: MethodInfo = {
    ...{ id: 'dacs', produces: 'segmenter', citation: '', metrics: [], params, views },
    needs: { sourceLabels: true, targetImages: true, targetLabels: false },
  };
  const studio = createStudio(createFakeWorker({}).client);
  const recipe = bareRecipe('dacs', {}, 10);
  const [stage] = recipe.stages;
  studio.engine.setState({ methods: [method] });
  studio.view.setState({ pane: 'step' });
  studio.runs.setState({
    current: {
      runId: 'r' as RunId,
      name: 'r',
      config: configOf(DEFAULT_DRAFT, recipe, [method]),
      classes: CITYSCAPES_CLASSES,
    },
    changes: [{ step: 3, stage: stage!.id, param: 'tau', from: 0.5, to: 0.9 }],
  });
  for (const step of [1, 5]) {
    const seen = dataOf(studio.pictures.getState(), SEEN);
    putData(studio.pictures, SEEN, addStep(seen, { step, stage: stage!.id, views }));
  }
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <StudioContext.Provider value={studio}>{children}</StudioContext.Provider>
  );
  return renderHook(useKept, { wrapper }).result.current;
}

test('steps since the threshold changed count, at what it is now', () => {
  const tau = { kind: 'number', default: 0.5, min: 0, max: 1, step: 0.1, role: 'threshold' } as const;
  const kept = keptOf({ tau });
  expect(kept).toMatchObject({ threshold: 0.9, images: 1 });
  expect(kept?.coverage[2]).toBe(50);
});

test('a method without a threshold keeps what it keeps', () => {
  expect(keptOf({})).toMatchObject({ threshold: null, images: 2 });
});
