// The settings panel's contents: what the next run will be. Plain values; `configOf` turns them into a run configuration.
import { createStore, type StoreApi } from 'zustand/vanilla';
import { areSameClasses, CITYSCAPES_CLASSES, type ClassSet } from '../../domain/classes.ts';
import {
  type DatasetId,
  type DatasetInfo,
  type DatasetRef,
  DEFAULT_SCENES,
  labelledClasses,
  type SceneRole,
  type SceneSettings,
  type Size,
} from '../../domain/dataset.ts';
import type { MethodInfo } from '../../domain/method.ts';
import type { NetworkInfo } from '../../domain/network.ts';
import { ownEntry } from '../../domain/ownEntry.ts';
import { defaultsOf, type ParamSpecs, type ParamValue, type ParamValues } from '../../domain/params.ts';
import { bareRecipe, type Recipe, scaleSteps, stepsOf } from '../../domain/recipe.ts';
import type { RunConfig } from '../../domain/run.ts';

export type DatasetChoice =
  | { readonly kind: 'scenes'; readonly role: SceneRole }
  | { readonly kind: 'imported'; readonly id: DatasetId };

export interface DraftState {
  readonly source: DatasetChoice;
  readonly target: DatasetChoice;
  readonly scenes: SceneSettings;
  readonly network: string;
  /** Values that differ from the network's defaults, per network. */
  readonly networkParams: Readonly<Record<string, ParamValues>>;
  /** A recipe that ships with the studio; null: the single method below. */
  readonly recipe: string | null;
  /** Steps of a recipe's stages, in percent of what the recipe says. */
  readonly recipeLength: number;
  readonly method: string;
  readonly labelledTargets: number;
  /** Values that differ from the method's defaults, per method. */
  readonly params: Readonly<Record<string, ParamValues>>;
  readonly seed: number;
  readonly steps: number;
  readonly evaluateEvery: number;
  readonly evaluationImages: number;
}

export const DEFAULT_DRAFT: DraftState = {
  source: { kind: 'scenes', role: 'game' },
  target: { kind: 'scenes', role: 'camera' },
  scenes: DEFAULT_SCENES,
  network: 'lite',
  networkParams: {},
  recipe: null,
  recipeLength: 100,
  method: 'source-only',
  labelledTargets: 20,
  params: {},
  seed: 1,
  steps: 800,
  evaluateEvery: 50,
  evaluationImages: 24,
};

export function createDraftStore(initial: Partial<DraftState> = {}): StoreApi<DraftState> {
  return createStore(() => ({ ...DEFAULT_DRAFT, ...initial }));
}

export function refOf(choice: DatasetChoice, scenes: SceneSettings): DatasetRef {
  return choice.kind === 'scenes'
    ? { kind: 'scenes', role: choice.role, settings: scenes }
    : { kind: 'imported', id: choice.id };
}

export function sizeOf(choice: DatasetChoice, scenes: SceneSettings, imported: readonly DatasetInfo[]): Size | null {
  if (choice.kind === 'scenes') return scenes.size;
  return imported.find((info) => info.id === choice.id)?.size ?? null;
}

/** What the worker can do, as far as the draft chooses from it. */
export interface Offer {
  readonly methods: readonly MethodInfo[];
  readonly networks: readonly NetworkInfo[];
  readonly recipes: readonly Recipe[];
}

/** The chosen recipe, or the chosen method's own; null if the worker has neither. */
export function recipeOf(draft: DraftState, { methods, recipes }: Pick<Offer, 'methods' | 'recipes'>): Recipe | null {
  if (draft.recipe !== null) {
    const chosen = recipes.find(({ id }) => id === draft.recipe);
    return chosen === undefined ? null : scaleSteps(chosen, draft.recipeLength / 100);
  }
  const method = methods.find(({ id }) => id === draft.method);
  if (method === undefined) return null;
  return bareRecipe(method.id, { ...defaultsOf(method.params), ...draft.params[method.id] }, draft.steps);
}

/** The methods that a recipe's stages train with, each once. */
export function methodsOf(recipe: Recipe, methods: readonly MethodInfo[]): readonly MethodInfo[] {
  const used = new Set(recipe.stages.flatMap((stage) => (stage.kind === 'train' ? [stage.method] : [])));
  return methods.filter(({ id }) => used.has(id));
}

/** Whether some stage leaves it to the run how many target labels it sees. */
export function asksForLabels(recipe: Recipe, methods: readonly MethodInfo[]): boolean {
  return recipe.stages.some(
    (stage) =>
      stage.kind === 'train' &&
      stage.labels === undefined &&
      methods.some(({ id, needs }) => id === stage.method && needs.targetLabels),
  );
}

export function configOf(draft: DraftState, recipe: Recipe, methods: readonly MethodInfo[]): RunConfig {
  const networkParams = ownEntry(draft.networkParams, draft.network) ?? {};
  return {
    schemaVersion: 2,
    seed: draft.seed,
    source: refOf(draft.source, draft.scenes),
    target: refOf(draft.target, draft.scenes),
    validation: null,
    labelledTargets: asksForLabels(recipe, methods) ? draft.labelledTargets : 0,
    network: draft.network,
    ...(Object.keys(networkParams).length === 0 ? {} : { networkParams }),
    recipe,
    evaluateEvery: Math.min(draft.evaluateEvery, stepsOf(recipe)),
    evaluationImages: draft.evaluationImages,
  };
}

/** `chosen` with one more value; a value that is the default is none that was chosen. */
export function withParam(specs: ParamSpecs, chosen: ParamValues, name: string, value: ParamValue): ParamValues {
  const { [name]: _, ...others } = chosen;
  return value === specs[name]?.default ? others : { ...others, [name]: value };
}

/** Why the draft cannot be trained as it stands; null if it can. The studio finds the text under `settings.problem.<kind>`. */
export type DraftProblem =
  | { readonly kind: 'unknownMethod' }
  | { readonly kind: 'unknownNetwork' }
  | { readonly kind: 'datasetMissing' }
  | { readonly kind: 'sizesDiffer'; readonly source: string; readonly target: string }
  | { readonly kind: 'sizeMultiple'; readonly size: string; readonly multiple: number }
  | { readonly kind: 'classesDiffer'; readonly source: string; readonly target: string }
  | { readonly kind: 'noSourceLabels' };

const spell = ({ width, height }: Size): string => `${width} × ${height}`;

const spellNames = (classes: ClassSet): string => classes.map(({ name }) => name).join(', ');

function labelledClassesOf(choice: DatasetChoice, imported: readonly DatasetInfo[]): ClassSet | null {
  if (choice.kind === 'scenes') return CITYSCAPES_CLASSES;
  const info = imported.find(({ id }) => id === choice.id);
  return info === undefined ? null : labelledClasses(info);
}

export function problemOf(draft: DraftState, offer: Offer, imported: readonly DatasetInfo[]): DraftProblem | null {
  const recipe = recipeOf(draft, offer);
  const network = offer.networks.find((info) => info.id === draft.network);
  if (recipe === null) return { kind: 'unknownMethod' };
  if (network === undefined) return { kind: 'unknownNetwork' };
  const source = sizeOf(draft.source, draft.scenes, imported);
  const target = sizeOf(draft.target, draft.scenes, imported);
  if (source === null || target === null) return { kind: 'datasetMissing' };
  if (source.width !== target.width || source.height !== target.height) {
    return { kind: 'sizesDiffer', source: spell(source), target: spell(target) };
  }
  const multiple = network.sizeMultiple;
  if (target.width % multiple !== 0 || target.height % multiple !== 0) {
    return { kind: 'sizeMultiple', size: spell(target), multiple };
  }
  const { source: choice } = draft;
  const sourceInfo = choice.kind === 'imported' ? imported.find((info) => info.id === choice.id) : undefined;
  const needsSourceLabels = methodsOf(recipe, offer.methods).some(({ needs }) => needs.sourceLabels);
  if (needsSourceLabels && sourceInfo !== undefined && sourceInfo.splits.train.labelled === 0) {
    return { kind: 'noSourceLabels' };
  }
  const [ofSource, ofTarget] = [draft.source, draft.target].map((choice) => labelledClassesOf(choice, imported));
  if (ofSource && ofTarget && !areSameClasses(ofSource, ofTarget)) {
    return { kind: 'classesDiffer', source: spellNames(ofSource), target: spellNames(ofTarget) };
  }
  return null;
}
