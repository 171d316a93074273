// What a session needs from its host beyond the data room's ports: runs at rest.

import type { MetricFrame } from '../domain/metrics.ts';
import type { Evaluation, RunId, RunSummary } from '../domain/run.ts';
import type { TuningTable } from '../domain/tuningTable.ts';

export interface StoredRun {
  readonly summary: RunSummary;
  /** A safetensors file: weights, optimiser slots; sampler and step state in its metadata. Null before the first save. */
  readonly checkpoint: Uint8Array | null;
  /** History up to the checkpoint's step, and no further. */
  readonly metrics: MetricFrame;
  readonly evaluations: readonly Evaluation[];
}

/** Runs at rest. A save is whole or it did not happen: two checkpoint slots, and a pointer that moves last. */
export interface RunStore {
  listRuns(): Promise<readonly RunSummary[]>;
  /** Writes the summary alone (a rename, a status). */
  saveSummary(summary: RunSummary): Promise<void>;
  /**
   * Writes checkpoint, summary and the history since the last save in one transaction.
   * Throws `storage.quota` and keeps the previous save.
   */
  save(
    summary: RunSummary,
    checkpoint: Uint8Array,
    metrics: MetricFrame,
    evaluations: readonly Evaluation[],
  ): Promise<void>;
  /** Throws `data.not-found` for an unknown run, `checkpoint.corrupt` if neither slot can be read. */
  load(runId: RunId): Promise<StoredRun>;
  /**
   * Keeps what a stage leaves behind, whole, under a name made of letters, digits and + @ . _ -; replaces what was there.
   * Throws `storage.quota`.
   */
  saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void>;
  /** Null if there is none of that name. */
  loadOutput(runId: RunId, name: string): Promise<Uint8Array | null>;
  /** Outputs and all. */
  deleteRun(runId: RunId): Promise<void>;
}

/** Measured kernel choices at rest, one table an adapter. What comes back is checked by whoever uses it. */
export interface TuningStore {
  /** Null if there is none, or it cannot be read. */
  load(adapter: string): Promise<unknown>;
  /** Replaces the adapter's table. May reject; nothing else depends on it. */
  save(adapter: string, table: TuningTable): Promise<void>;
}
