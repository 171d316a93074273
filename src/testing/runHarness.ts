// What tests of runs share: a configuration that trains in milliseconds a step on the CPU, a host whose seconds pass as
// quickly as wished, an observer that remembers, and what a run leaves that depends on no clock.
import type { TileSource } from '../data/ports.ts';
import { CITYSCAPES_CLASSES, type ClassSet } from '../domain/classes.ts';
import type { DatasetId, DatasetRef } from '../domain/dataset.ts';
import type { DeviceInfo } from '../domain/device.ts';
import type { StudioError } from '../domain/errors.ts';
import { bareRecipe } from '../domain/recipe.ts';
import type { Evaluation, ParamChange, RunConfig, RunId, RunState, RunSummary } from '../domain/run.ts';
import { memory } from '../engine/backend/memory.ts';
import type { RunStore } from '../session/ports.ts';
import type { RunHost } from '../session/run/openRun.ts';
import type { RunObserver } from '../session/run/runParts.ts';
import { MemoryRunStore } from '../session/storage/memoryRunStore.ts';
import { stripes } from './stripes.ts';

export const RUN = { runId: 'r1' as RunId, name: 'amber-otter-1' };

const ref = (id: string): DatasetRef => ({ kind: 'imported', id: id as DatasetId });

/** `source-only` on the smallest network, four steps; its datasets are those of `runHost`. */
export function runConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return {
    schemaVersion: 2,
    seed: 3,
    source: ref('source'),
    target: ref('target'),
    validation: null,
    labelledTargets: 0,
    network: 'toy',
    recipe: bareRecipe('source-only', { batchSize: 1 }, 4),
    evaluateEvery: 2,
    evaluationImages: 2,
    ...changes,
  };
}

export interface Pair {
  readonly source: TileSource;
  readonly target: TileSource;
}

/** Stripes in two domains, `count` tiles a split. */
export function stripedPair(count = 8, set: ClassSet = CITYSCAPES_CLASSES): Pair {
  return { source: stripes({ count, set }), target: stripes({ count, set, gap: 40, seed: 2 }) };
}

export interface HostOptions {
  readonly device: DeviceInfo;
  readonly store?: RunStore;
  readonly pair?: Pair;
  /** How much later it is whenever somebody looks at the clock; runs save every 20 seconds. */
  readonly tickMs?: number;
  /** About so many bytes make a record of a stage's pictures. */
  readonly partBytes?: number;
  /** Called once per event of the run; what it gives back is waited for. */
  readonly breathe?: () => Promise<void> | void;
}

export function runHost(options: HostOptions): RunHost {
  const { device, store = new MemoryRunStore(), pair = stripedPair(), tickMs = 300, partBytes, breathe } = options;
  let now = 0;
  return {
    store,
    device,
    memory,
    ...(partBytes === undefined ? {} : { partBytes }),
    clock: {
      nowMs: () => (now += tickMs),
      wallClockMs: () => 7,
      breathe: async () => {
        await new Promise((resolve) => setTimeout(resolve));
        await breathe?.();
      },
    },
    source: async (asked) => (asked.kind === 'imported' && asked.id === 'target' ? pair.target : pair.source),
  };
}

/** An observer, and what it was told. Unless the run `mayFail`, trouble throws where it is told. */
export function watchRun({ mayFail = false } = {}) {
  const seen = {
    states: [] as RunState[],
    evaluations: [] as Evaluation[],
    saved: [] as RunSummary[],
    changes: [] as ParamChange[],
    problems: [] as StudioError[],
    steps: [] as number[],
  };
  const observer: RunObserver = {
    state: (state) => {
      if (state.error !== null && !mayFail) throw new Error(state.error.message);
      seen.states.push(state);
    },
    metrics: (frame) => seen.steps.push(...(frame['train/lr']?.steps ?? [])),
    evaluation: (evaluation) => seen.evaluations.push(evaluation),
    saved: (summary) => seen.saved.push(summary),
    changed: (change) => seen.changes.push(change),
    problem: (error) => {
      if (!mayFail) throw error;
      seen.problems.push(error);
    },
  };
  return { seen, observer };
}

/** Knows what stages left in it, by name. */
export class ListingRunStore extends MemoryRunStore {
  private readonly names = new Set<string>();

  override saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void> {
    this.names.add(name);
    return super.saveOutput(runId, name, bytes);
  }

  async listOutputs(): Promise<Readonly<Record<string, Uint8Array | null>>> {
    const entries = [...this.names].toSorted().map(async (name) => [name, await this.loadOutput(RUN.runId, name)]);
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** What a run leaves that does not depend on clocks: where it stands, its history, the outputs of every stage. */
export async function traceOf(store: ListingRunStore) {
  const { summary, metrics, evaluations } = await store.load(RUN.runId);
  const { status, step, progress, changes, best, last } = summary;
  return {
    summary: { status, step, progress, changes, best, last },
    metrics: Object.fromEntries(Object.entries(metrics).filter(([key]) => !key.startsWith('sys/'))),
    evaluations,
    outputs: await store.listOutputs(),
  };
}
