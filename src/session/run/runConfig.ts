// Reads run configurations that come from outside (a link, a file, a stored row): the one place they are checked, and
// where those of earlier versions become the present one. Inside, the type is trusted.
import * as v from 'valibot';
import type { DatasetId } from '../../domain/dataset.ts';
import { bareRecipe, stepsOf } from '../../domain/recipe.ts';
import type { RunConfig, RunSummary } from '../../domain/run.ts';
import {
  checkRecipe,
  invalid,
  params,
  recipeSchema,
  refuseInheritedKeys,
  wholeNumber,
} from '../recipes/recipeSchema.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const sceneSettings = v.strictObject({
  size: v.strictObject({ width: wholeNumber(16, 2048), height: wholeNumber(16, 2048) }),
  styleGap: share,
  layoutGap: share,
});
const datasetRef = v.variant('kind', [
  v.strictObject({ kind: v.literal('scenes'), role: v.picklist(['game', 'camera']), settings: sceneSettings }),
  v.strictObject({
    kind: v.literal('imported'),
    id: v.pipe(
      v.string(),
      v.minLength(1),
      v.transform((id) => id as DatasetId),
    ),
  }),
]);
const everyVersion = {
  seed: wholeNumber(0, 2 ** 31 - 1),
  source: datasetRef,
  target: datasetRef,
  validation: v.nullable(datasetRef),
  labelledTargets: wholeNumber(0, 1_000_000),
  network: v.string(),
  evaluateEvery: wholeNumber(1, 10_000_000),
  evaluationImages: wholeNumber(0, 1_000_000),
};
/** Version 1: one method, no stages. */
const version1 = v.strictObject({
  ...everyVersion,
  schemaVersion: v.literal(1),
  method: v.strictObject({ id: v.string(), params }),
  steps: wholeNumber(1, 10_000_000),
});
const version2 = v.strictObject({
  ...everyVersion,
  schemaVersion: v.literal(2),
  networkParams: v.exactOptional(params),
  initialWeights: v.exactOptional(v.pipe(v.string(), v.regex(/^initial-[0-9a-f]{8}\.safetensors$/))),
  recipe: recipeSchema,
});
const runConfig = v.variant('schemaVersion', [version1, version2]);

/** Throws `config.invalid` naming the first field that is wrong. */
export function parseRunConfig(value: unknown): RunConfig {
  refuseInheritedKeys(value);
  const parsed = v.safeParse(runConfig, value);
  if (!parsed.success) throw invalid(parsed.issues[0]);
  const { output } = parsed;
  if (output.schemaVersion === 1) {
    const { method, steps, schemaVersion: _, ...rest } = output;
    return { ...rest, schemaVersion: 2, recipe: bareRecipe(method.id, method.params, steps) };
  }
  return { ...output, recipe: checkRecipe(output.recipe) };
}

const score = v.nullable(v.looseObject({ step: v.number(), mIoU: v.number() }));
/** What a list of runs shows, of any version. What else there is stays as it is. */
const storedSummary = v.looseObject({
  name: v.string(),
  status: v.picklist(['preparing', 'running', 'paused', 'finished', 'stopped', 'failed']),
  config: runConfig,
  best: score,
  last: score,
});
const sinceRecipes = v.looseObject({
  progress: v.looseObject({ stage: v.number(), done: v.number() }),
  changes: v.array(v.looseObject({ step: v.number() })),
});

/**
 * A stored summary as of today; one that was written before there were recipes is given the stage that it is. Throws
 * `config.invalid`, naming the first field that is wrong, for one that this version cannot read.
 */
export function currentSummary(stored: RunSummary): RunSummary {
  const parsed = v.safeParse(storedSummary, stored);
  if (!parsed.success) throw invalid(parsed.issues[0]);
  if (stored.config.schemaVersion === 2) {
    const later = v.safeParse(sinceRecipes, stored);
    if (!later.success) throw invalid(later.issues[0]);
    return stored;
  }
  const config = parseRunConfig(stored.config);
  const isDone = stored.step >= stepsOf(config.recipe);
  return {
    ...stored,
    config,
    progress: { stage: isDone ? 1 : 0, done: isDone ? 0 : stored.step },
    changes: [],
    targetTiles: null,
  };
}
