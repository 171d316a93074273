// A recipe: stages whose outputs feed the next, as plain data. What a stage does is the session's; here is what it says,
// what it takes from which other stage, and when two stages are one and the same work.
import { invariant } from './errors.ts';
import type { ParamValues } from './params.ts';
import { hashKeys } from './rng.ts';

export type StageId = string;

/** A network that a training stage leaves behind, under the role it had there. */
export interface NetworkRef {
  readonly stage: StageId;
  readonly role: string;
}

/** Trains one method. */
export interface TrainStage {
  readonly kind: 'train';
  readonly id: StageId;
  readonly method: string;
  /** What differs from the method's defaults. */
  readonly params: ParamValues;
  /** Optimiser updates. */
  readonly steps: number;
  /** Weights to begin with, by the role of the network that takes them; every other network begins at random. */
  readonly start?: Readonly<Record<string, NetworkRef>>;
  /** The translation that stands in for the source images; their labels stay. */
  readonly source?: StageId;
  /** The pseudo-labels that the target's training images carry. */
  readonly pseudoLabels?: StageId;
  /** Target training images that may show their true labels; absent: as many as the run says. */
  readonly labels?: number | 'all';
  /** The ablation step that this stage is: a row of the result table. Absent: an intermediate. */
  readonly rung?: string;
}

/** A translator that learns nothing: it takes the look of one target image drawn for each source image. */
export interface PairTranslatorChoice {
  readonly pair: string;
  readonly params: ParamValues;
}

/** Sends every source training image through a translator once. */
export interface TranslateStage {
  readonly kind: 'translate';
  readonly id: StageId;
  readonly translator: NetworkRef | PairTranslatorChoice;
}

/** Lets a teacher label every target training image. */
export interface PseudoLabelStage {
  readonly kind: 'pseudo-label';
  readonly id: StageId;
  readonly teacher: NetworkRef;
  readonly params: ParamValues;
}

export type Stage = TrainStage | TranslateStage | PseudoLabelStage;

export interface Recipe {
  readonly schemaVersion: 1;
  readonly id: string;
  /** In the order of work: a stage takes from earlier ones only. */
  readonly stages: readonly Stage[];
}

/** The recipe of a single method. */
export function bareRecipe(method: string, params: ParamValues, steps: number): Recipe {
  return { schemaVersion: 1, id: method, stages: [{ kind: 'train', id: method, method, params, steps, rung: method }] };
}

/** The recipe with every stage's updates times `scale`, at least one each: for quick trials. */
export function scaleSteps(recipe: Recipe, scale: number): Recipe {
  if (scale === 1) return recipe;
  const scaled = (stage: Stage): Stage =>
    stage.kind === 'train' ? { ...stage, steps: Math.max(1, Math.round(stage.steps * scale)) } : stage;
  return { ...recipe, stages: recipe.stages.map(scaled) };
}

/** The stages that a stage takes something from. */
export function inputsOf(stage: Stage): readonly StageId[] {
  switch (stage.kind) {
    case 'train': {
      const tiles = [stage.source, stage.pseudoLabels].filter((id) => id !== undefined);
      return [...new Set([...Object.values(stage.start ?? {}).map((from) => from.stage), ...tiles])];
    }
    case 'translate':
      return 'pair' in stage.translator ? [] : [stage.translator.stage];
    case 'pseudo-label':
      return [stage.teacher.stage];
    default:
      return stage satisfies never;
  }
}

/** Optimiser updates of a stage; 0 for one that only computes. */
export const stepsOfStage = (stage: Stage): number => (stage.kind === 'train' ? stage.steps : 0);

/** Optimiser updates of the whole recipe. */
export function stepsOf({ stages }: Recipe): number {
  return stages.reduce((sum, stage) => sum + stepsOfStage(stage), 0);
}

/** Updates of a run before its stage `index` begins: what a stage's own steps are counted from. */
export function stepsBefore({ stages }: Recipe, index: number): number {
  return stages.slice(0, index).reduce((sum, stage) => sum + stepsOfStage(stage), 0);
}

/**
 * What a stage computes, as 16 hex digits per stage: its definition with its inputs' keys in place of their names. Two stages
 * with one key give the same result, so one of them is enough; what a stage is called and which row it fills does not count.
 */
export function stageKeys({ stages }: Recipe): ReadonlyMap<StageId, string> {
  const keys = new Map<StageId, string>();
  for (const stage of stages) {
    const own = renamed(stage, (id) => keys.get(id) ?? id);
    const text = canonical({ ...own, id: null, rung: null });
    const half = (seed: number): string => (hashKeys(seed, [text]) >>> 0).toString(16).padStart(8, '0');
    keys.set(stage.id, half(1) + half(2));
  }
  return keys;
}

/** All stages of several recipes as one, each piece of work once, under the name it has first. */
export function mergeRecipes(id: string, recipes: readonly Recipe[]): Recipe {
  const kept = new Map<string, Stage>();
  for (const recipe of recipes) {
    const keys = stageKeys(recipe);
    const nameOf = (name: StageId): StageId => {
      const stage = kept.get(keys.get(name) ?? '');
      invariant(stage, () => `"${recipe.id}" takes from the stage "${name}" before it is there.`);
      return stage.id;
    };
    for (const stage of recipe.stages) {
      const key = keys.get(stage.id) ?? '';
      const twin = kept.get(key);
      if (twin === undefined) {
        const taken = new Set([...kept.values()].map((other) => other.id));
        kept.set(key, { ...renamed(stage, nameOf), id: freeName(stage.id, taken) });
      } else if (twin.kind === 'train' && stage.kind === 'train' && twin.rung === undefined) {
        kept.set(key, { ...twin, ...(stage.rung === undefined ? {} : { rung: stage.rung }) });
      }
    }
  }
  return { schemaVersion: 1, id, stages: [...kept.values()] };
}

function freeName(name: StageId, taken: ReadonlySet<StageId>): StageId {
  if (!taken.has(name)) return name;
  for (let i = 2; ; i++) if (!taken.has(`${name}-${i}`)) return `${name}-${i}`;
}

/** The stage with other names for what it takes from. */
function renamed(stage: Stage, nameOf: (id: StageId) => StageId): Stage {
  const from = (ref: NetworkRef): NetworkRef => ({ ...ref, stage: nameOf(ref.stage) });
  switch (stage.kind) {
    case 'train': {
      const { start, source, pseudoLabels, ...rest } = stage;
      return {
        ...rest,
        ...(start === undefined
          ? {}
          : { start: Object.fromEntries(Object.entries(start).map(([role, ref]) => [role, from(ref)])) }),
        ...(source === undefined ? {} : { source: nameOf(source) }),
        ...(pseudoLabels === undefined ? {} : { pseudoLabels: nameOf(pseudoLabels) }),
      };
    }
    case 'translate':
      return 'pair' in stage.translator ? stage : { ...stage, translator: from(stage.translator) };
    case 'pseudo-label':
      return { ...stage, teacher: from(stage.teacher) };
    default:
      return stage satisfies never;
  }
}

/** JSON that does not depend on the order in which keys were written. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
}
