// How a pretended run learns: pure functions of the step, so that a run that is opened again shows the same curves. The loss
// falls, the confusion sharpens, and every stage that trains a segmenter begins where the one before it ended.
import type { MetricFrame, MetricSeries, MetricSpec } from '../../domain/metrics.ts';
import { type Recipe, type Stage, stepsOf, stepsOfStage } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { Evaluation, RunConfig } from '../../domain/run.ts';
import { RECORDED } from './recorded.ts';

/** Where a run stands after so many updates. Stages that only compute take no time. */
export interface Place {
  readonly stage: Stage;
  readonly index: number;
  /** Updates of the stage, and those before it. */
  readonly done: number;
  readonly before: number;
}

export function placeOf({ stages }: Recipe, updates: number): Place | null {
  let before = 0;
  let place: Place | null = null;
  for (const [index, stage] of stages.entries()) {
    const steps = stepsOfStage(stage);
    if (steps > 0) place = { stage, index, done: updates - before, before };
    if (updates < before + steps) break;
    before += steps;
  }
  return place;
}

/** Whether the stage of this update has a network to score. */
export function predictsAt(recipe: Recipe, updates: number): boolean {
  const stage = placeOf(recipe, updates)?.stage;
  return stage?.kind === 'train' && methodOf(stage.method)?.produces === 'segmenter';
}

export function isEvaluated({ recipe, evaluateEvery }: RunConfig, updates: number): boolean {
  // The update that ends a stage is the stage's own, not the next one's.
  const place = placeOf(recipe, updates - 1);
  if (place === null || updates === 0 || !predictsAt(recipe, updates - 1)) return false;
  const done = place.done + 1;
  return done % evaluateEvery === 0 || done === stepsOfStage(place.stage);
}

/** From 0 to almost 1 over the whole recipe. */
export function skillAt(recipe: Recipe, updates: number): number {
  return 1 - Math.exp((-3 * updates) / stepsOf(recipe));
}

export function evaluationAt({ recipe, evaluationImages }: RunConfig, updates: number, classes = 19): Evaluation {
  const confusion = new Float64Array(classes * classes);
  const skill = skillAt(recipe, updates);
  // Class 16 (train) stays absent, as it does in many real validation sets.
  for (let truth = 0; truth < classes; truth++) {
    if (truth === 16) continue;
    const hit = Math.min(0.97, skill * Math.max(0.05, 1.05 - truth / 28));
    confusion[truth * classes + truth] = Math.round(1000 * hit);
    confusion[truth * classes + ((truth + 1) % Math.min(16, classes))] = Math.round(1000 * (1 - hit));
  }
  return { step: updates, images: evaluationImages, confusion };
}

/** What the steps from `first` to `last` report: the metrics that their methods and every run declare. */
export function metricsOf({ recipe }: RunConfig, first: number, last: number): MetricFrame {
  const columns = new Map<string, { steps: number[]; values: number[] }>();
  for (let step = first; step <= last; step++) {
    const place = placeOf(recipe, step - 1);
    const method = place?.stage.kind === 'train' ? methodOf(place.stage.method) : undefined;
    if (place === null || method === undefined) continue;
    for (const spec of [...method.metrics, ...RECORDED.metrics]) {
      const column = columns.get(spec.key) ?? { steps: [], values: [] };
      column.steps.push(step);
      column.values.push(valueAt(spec, step, place.done / stepsOfStage(place.stage)));
      columns.set(spec.key, column);
    }
  }
  return Object.fromEntries([...columns].map(([key, column]) => [key, seriesOf(column)]));
}

function seriesOf({ steps, values }: { readonly steps: number[]; readonly values: number[] }): MetricSeries {
  return { steps: Float64Array.from(steps), values: Float64Array.from(values) };
}

/** `share`: of the stage that is done. */
function valueAt({ key, group }: MetricSpec, step: number, share: number): number {
  const noise = new RandomStream(5, key, step).uniform(-1, 1);
  switch (group) {
    case 'loss':
      return 0.3 + 2.6 * Math.exp(-4 * share) + 0.12 * noise;
    case 'rate':
      return 0.003 * (1 - share) ** 0.9;
    case 'quality':
      return 0.5 + 0.4 * share + 0.03 * noise;
    case 'system':
      return 100 + 4 * noise;
    default:
      return group satisfies never;
  }
}

const methodOf = (id: string) => RECORDED.methods.find((method) => method.id === id);
