// The settings panel's contents: what the next run will be. Plain values; `configOf` turns them into a run configuration.
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type DatasetId,
  type DatasetInfo,
  type DatasetRef,
  DEFAULT_SCENES,
  type SceneRole,
  type SceneSettings,
  type Size,
} from '../../domain/dataset.ts';
import { defaultsOf, type ParamValues } from '../../domain/params.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import type { MethodInfo, NetworkInfo, RunConfig } from '../../domain/run.ts';

export type DatasetChoice =
  | { readonly kind: 'scenes'; readonly role: SceneRole }
  | { readonly kind: 'imported'; readonly id: DatasetId };

export interface DraftState {
  readonly source: DatasetChoice;
  readonly target: DatasetChoice;
  readonly scenes: SceneSettings;
  readonly network: string;
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

export function configOf(draft: DraftState, method: MethodInfo): RunConfig {
  return {
    schemaVersion: 2,
    seed: draft.seed,
    source: refOf(draft.source, draft.scenes),
    target: refOf(draft.target, draft.scenes),
    validation: null,
    labelledTargets: method.needs.targetLabels ? draft.labelledTargets : 0,
    network: draft.network,
    recipe: bareRecipe(method.id, { ...defaultsOf(method.params), ...draft.params[method.id] }, draft.steps),
    evaluateEvery: Math.min(draft.evaluateEvery, draft.steps),
    evaluationImages: draft.evaluationImages,
  };
}

/** Why the draft cannot be trained as it stands; null if it can. The studio finds the text under `settings.problem.<kind>`. */
export type DraftProblem =
  | { readonly kind: 'unknownMethod' }
  | { readonly kind: 'unknownNetwork' }
  | { readonly kind: 'datasetMissing' }
  | { readonly kind: 'sizesDiffer'; readonly source: string; readonly target: string }
  | { readonly kind: 'sizeMultiple'; readonly size: string; readonly multiple: number }
  | { readonly kind: 'noSourceLabels' };

const spell = ({ width, height }: Size): string => `${width} × ${height}`;

export function problemOf(
  draft: DraftState,
  methods: readonly MethodInfo[],
  networks: readonly NetworkInfo[],
  imported: readonly DatasetInfo[],
): DraftProblem | null {
  const method = methods.find((info) => info.id === draft.method);
  const network = networks.find((info) => info.id === draft.network);
  if (method === undefined) return { kind: 'unknownMethod' };
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
  if (method.needs.sourceLabels && sourceInfo !== undefined && sourceInfo.splits.train.labelled === 0) {
    return { kind: 'noSourceLabels' };
  }
  return null;
}
