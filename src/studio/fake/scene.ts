// A state of the page, reached on the fake worker. `scenes/<name>.ts` holds one, `/?fake=<name>` shows it.

import { invariant } from '../../domain/errors.ts';
import { scoresOf } from '../../domain/metrics.ts';
import { stepsOf } from '../../domain/recipe.ts';
import type { RunConfig, RunId, RunStatus, RunSummary } from '../../domain/run.ts';
import { configOf, DEFAULT_DRAFT, type DraftState } from '../stores/draft.ts';
import type { Studio } from '../stores/studio.ts';
import { evaluationAt, isEvaluated } from './fakeLearning.ts';
import { FAKE_DEVICE, type FakeWorker, type FakeWorkerOptions } from './fakeWorker.ts';
import { RECORDED, recordedRecipe } from './recorded.ts';

export interface Scene {
  /** What one sees, for the list of scenes. */
  readonly shows: string;
  readonly worker?: FakeWorkerOptions;
  readonly draft?: Partial<DraftState>;
  /** What a person did until here; called once the worker has said hello. */
  readonly play?: (page: { readonly studio: Studio; readonly worker: FakeWorker }) => unknown;
}

export interface Left {
  readonly recipe: string;
  readonly status: RunStatus;
  /** From 0 to 1. */
  readonly share: number;
  /** Its place among the runs, the newest last. */
  readonly ordinal?: number;
  readonly name?: string;
}

/** A run as it was left. Runs are named and dated by their place, so that a scene looks the same every day. */
export function leftRun({ recipe: id, status, share, ordinal = 1, name = `amber-otter-${ordinal}` }: Left): RunSummary {
  const recipe = recordedRecipe(id);
  const config = configOf(DEFAULT_DRAFT, recipe, RECORDED.methods);
  const step = Math.round(share * stepsOf(recipe));
  const createdAtMs = Date.UTC(2026, 0, ordinal, 9);
  const last = lastScore(config, step);
  return {
    runId: `run-${id}-${ordinal}` as RunId,
    name,
    config,
    status,
    step,
    progress: { stage: 0, done: step },
    changes: [],
    targetTiles: 400,
    createdAtMs,
    updatedAtMs: createdAtMs + 600_000,
    best: last,
    last,
    device: FAKE_DEVICE,
  };
}

function lastScore(config: RunConfig, updates: number): RunSummary['last'] {
  for (let step = updates; step > 0; step--) {
    if (isEvaluated(config, step)) return { step, mIoU: scoresOf(evaluationAt(config, step).confusion).mIoU };
  }
  return null;
}

/** Presses a button of the page by its `data-testid`, for what no store holds. */
export function press(testId: string): void {
  const button = document.querySelector(`[data-testid="${testId}"]`);
  invariant(button instanceof HTMLElement, () => `The page has no button "${testId}".`);
  button.click();
}
