// Checks recipes that come from outside: their form, and that every stage takes only what an earlier one leaves behind.
import * as v from 'valibot';
import { StudioError } from '../../domain/errors.ts';
import { inheritedKey } from '../../domain/ownEntry.ts';
import { resolveParams } from '../../domain/params.ts';
import { inputsOf, type NetworkRef, type Recipe, type Stage, type StageId } from '../../domain/recipe.ts';
import { pairTranslator } from '../../engine/augment/pairTranslators.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import { PSEUDO_LABEL_PARAMS } from '../../engine/training/pseudoLabel.ts';

export const wholeNumber = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
export const params = v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]));

/** Stage ids name files and stored keys. */
const stageId = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9+@._-]*$/, 'Lower-case letters, digits, and + @ . _ -'));
/** So do roles. */
const role = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'Letters, digits, and _ -'));
const networkRef = v.strictObject({ stage: stageId, role });
const stage = v.variant('kind', [
  v.strictObject({
    kind: v.literal('train'),
    id: stageId,
    method: v.string(),
    params,
    steps: wholeNumber(1, 10_000_000),
    start: v.exactOptional(v.record(v.string(), networkRef)),
    source: v.exactOptional(stageId),
    pseudoLabels: v.exactOptional(stageId),
    labels: v.exactOptional(v.union([wholeNumber(0, 1_000_000), v.literal('all')])),
    rung: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  }),
  v.strictObject({
    kind: v.literal('translate'),
    id: stageId,
    translator: v.union([networkRef, v.strictObject({ pair: v.string(), params })]),
  }),
  v.strictObject({ kind: v.literal('pseudo-label'), id: stageId, teacher: networkRef, params }),
]);
export const recipeSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: v.pipe(v.string(), v.minLength(1)),
    /** Where it stands among those that ship. No part of the recipe: what is stored and hashed has none. */
    order: v.exactOptional(v.number()),
    stages: v.pipe(v.array(stage), v.minLength(1)),
  }),
  v.transform(({ order: _, ...recipe }) => recipe),
);

/** Throws `config.invalid` for keys such as `constructor`: the schemas pass them over, and what they said would be lost. */
export function refuseInheritedKeys(value: unknown): void {
  const key = inheritedKey(value);
  if (key === null) return;
  throw new StudioError('config.invalid', `There is no setting "${key}".`, 'Leave it out.', { key, value: key });
}

/** A recipe by its form alone; `checkRecipe` looks into it. Throws `config.invalid`. */
export function parseRecipeForm(value: unknown): Recipe {
  refuseInheritedKeys(value);
  const parsed = v.safeParse(recipeSchema, value);
  if (parsed.success) return parsed.output;
  throw invalid(parsed.issues[0]);
}

/**
 * Methods, parameters and what feeds what. The recipe comes back with every setting of every stage, so that a run's record
 * stays whole whatever becomes of defaults. Throws `config.invalid`, naming the stage.
 */
export function checkRecipe(recipe: Recipe): Recipe {
  const earlier = new Map<StageId, Stage>();
  for (const stage of recipe.stages) {
    if (earlier.has(stage.id)) throw refused(stage.id, 'is there twice', 'Give every stage a name of its own.');
    for (const input of inputsOf(stage)) {
      if (!earlier.has(input)) {
        throw refused(
          stage.id,
          `takes from "${input}", which no earlier stage is`,
          'List the stages in order of work.',
        );
      }
    }
    earlier.set(stage.id, checkStage(stage, earlier));
  }
  return { ...recipe, stages: [...earlier.values()] };
}

function checkStage(stage: Stage, earlier: ReadonlyMap<StageId, Stage>): Stage {
  const expect = (id: StageId, kind: Stage['kind'], what: string): void => {
    if (earlier.get(id)?.kind === kind) return;
    throw refused(stage.id, `takes ${what} from "${id}", which has none`, `Name a stage of the kind "${kind}".`);
  };
  const expectNetwork = (from: NetworkRef): void => expect(from.stage, 'train', `the network "${from.role}"`);
  switch (stage.kind) {
    case 'train': {
      const { params, needs } = methodEntry(stage.method).info;
      if (needs.pseudoLabels === true && stage.pseudoLabels === undefined) {
        throw refused(stage.id, 'learns from pseudo-labels and names none', 'Name a stage under "pseudoLabels".');
      }
      for (const from of Object.values(stage.start ?? {})) expectNetwork(from);
      if (stage.source !== undefined) expect(stage.source, 'translate', 'images');
      if (stage.pseudoLabels !== undefined) expect(stage.pseudoLabels, 'pseudo-label', 'labels');
      return { ...stage, params: resolveParams(params, stage.params) };
    }
    case 'translate': {
      const { translator } = stage;
      if ('pair' in translator) {
        const { params } = pairTranslator(translator.pair).info;
        return { ...stage, translator: { ...translator, params: resolveParams(params, translator.params) } };
      }
      expectNetwork(translator);
      return stage;
    }
    case 'pseudo-label':
      expectNetwork(stage.teacher);
      return { ...stage, params: resolveParams(PSEUDO_LABEL_PARAMS, stage.params) };
    default:
      return stage satisfies never;
  }
}

function refused(stage: StageId, why: string, advice: string): StudioError {
  return new StudioError('config.invalid', `The recipe's stage "${stage}" ${why}.`, advice, { key: stage, value: why });
}

export function invalid(issue: v.BaseIssue<unknown>): StudioError {
  const field = v.getDotPath(issue) ?? 'configuration';
  return new StudioError(
    'config.invalid',
    `${field}: ${issue.message}`,
    'Correct the field, or start from a recipe that ships with the studio.',
    { key: field, value: String(issue.input) },
  );
}
