// The recipe that a command line asks for: shipped ones by name (several are joined, nothing trained twice), a file, and
// what --steps, --steps-scale, --labels and --set change in it.
import { StudioError } from '../../../domain/errors.ts';
import { didYouMean } from '../../../domain/nearest.ts';
import { resolveParams } from '../../../domain/params.ts';
import { mergeRecipes, type Recipe, type Stage, scaleSteps, type TrainStage } from '../../../domain/recipe.ts';
import { methodEntry } from '../../../engine/methods/registry.ts';
import { checkRecipe, parseRecipeForm } from '../../../session/recipes/recipeSchema.ts';
import { shippedRecipe } from '../../../session/recipes/shippedRecipes.ts';
import { readJson } from '../storage/textFile.ts';
import { readInteger, readNumber, readSettings, refuseTwice } from './arguments.ts';

export interface RecipeOptions {
  /** Names with commas between them, or a file that ends in .json. */
  readonly recipe: string;
  readonly steps?: string | undefined;
  readonly 'steps-scale'?: string | undefined;
  /** `param=value` for every stage that has it, `stage.param=value` or `stage.steps=N` for one. */
  readonly set: readonly string[];
}

/** The recipe, and how many labelled target images its name asks for. Throws `config.invalid`, and as `readJson`. */
export async function readRecipe(options: RecipeOptions): Promise<{ recipe: Recipe; labels: string | undefined }> {
  const [, base, labels] = /^(supervised)-(\d+)$/.exec(options.recipe) ?? [];
  const name = base ?? options.recipe;
  const named = name.endsWith('.json')
    ? parseRecipeForm(await readJson(name))
    : joined(name.split(',').map(shippedRecipe));
  const scale = readNumber('steps-scale', options['steps-scale'] ?? '1', 1e-6, 1e6);
  let { stages } = scaleSteps(named, scale);
  if (options.steps !== undefined) {
    const steps = readInteger('steps', options.steps, 1, MAX_STEPS);
    if (stages.length > 1) {
      throw new StudioError(
        'config.invalid',
        `--steps ${steps} does not say which of the ${stages.length} stages it is for.`,
        'Give --steps-scale, or --set STAGE.steps=N.',
        { key: 'steps', value: steps },
      );
    }
    stages = stages.map((stage) => withSteps(stage, () => steps));
  }
  refuseTwice('set', options.set);
  for (const setting of options.set) stages = withSetting(stages, setting);
  return { recipe: checkRecipe({ ...named, stages }), labels };
}

/** Of a stage, as the run's record takes them. */
const MAX_STEPS = 10_000_000;

const paramsOf = (stages: readonly Stage[]): string[] =>
  stages.flatMap((stage) => (stage.kind === 'train' ? Object.keys(methodEntry(stage.method).info.params) : []));

function joined(recipes: readonly Recipe[]): Recipe {
  const [first] = recipes;
  return recipes.length === 1 && first !== undefined
    ? first
    : mergeRecipes(recipes.map(({ id }) => id).join(','), recipes);
}

const withSteps = (stage: Stage, change: (steps: number) => number): Stage =>
  stage.kind === 'train' ? { ...stage, steps: change(stage.steps) } : stage;

function withSetting(stages: readonly Stage[], setting: string): Stage[] {
  const equals = setting.indexOf('=');
  const [path, value] = equals < 0 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals + 1)];
  const at = path.lastIndexOf('.');
  const stageId = at < 0 ? null : path.slice(0, at);
  const param = path.slice(at + 1);
  const isMeant = (stage: Stage): stage is TrainStage =>
    stage.kind === 'train' &&
    (stageId === null ? Object.hasOwn(methodEntry(stage.method).info.params, param) : stage.id === stageId);
  if (!stages.some(isMeant)) {
    const ids = stages.map(({ id }) => id);
    throw new StudioError(
      'config.invalid',
      `--set ${setting}: no training stage ${stageId === null ? `has a parameter "${param}"` : `is called "${stageId}"`}.`,
      `${didYouMean(...(stageId === null ? ([param, paramsOf(stages)] as const) : ([stageId, ids] as const)))}Stages: ${ids.join(', ')}.`,
      { key: path, value },
    );
  }
  return stages.map((stage) => {
    if (!isMeant(stage)) return stage;
    if (stageId !== null && param === 'steps')
      return { ...stage, steps: readInteger(`set ${path}`, value, 1, MAX_STEPS) };
    const specs = methodEntry(stage.method).info.params;
    const params = { ...stage.params, ...readSettings('set', specs, [`${param}=${value}`]) };
    resolveParams(specs, params);
    return { ...stage, params };
  });
}
