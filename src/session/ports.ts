// What a session needs from its host beyond the data room's ports: runs at rest.

import type { MetricFrame } from '../domain/metrics.ts';
import type { Evaluation, RunId, RunSnapshot, RunSummary, UnreadableRun } from '../domain/run.ts';
import type { TuningTable } from '../domain/tuningTable.ts';

export interface StoredRun {
  readonly summary: RunSummary;
  /** A safetensors file: weights, optimiser slots; sampler and step state in its metadata. Null before the first save. */
  readonly checkpoint: Uint8Array | null;
  /** History up to the checkpoint's step, and no further. */
  readonly metrics: MetricFrame;
  readonly evaluations: readonly Evaluation[];
  /** Pieces of the history that are damaged or missing: charts have holes there, and nothing else is amiss. */
  readonly lost: number;
}

/**
 * Runs at rest. A save is whole or it did not happen: two checkpoint slots, and a pointer that moves last. Whoever writes a run
 * first, or claims it later, holds it: what others write then is refused with `run.taken`, and with `run.gone` once it is deleted.
 */
export interface RunStore {
  /** Newest first; without those that cannot be read. */
  listRuns(): Promise<readonly RunSummary[]>;
  unreadableRuns(): Promise<readonly UnreadableRun[]>;
  /** Everything that is stored of a run, readable or not, as a zip. Throws `data.not-found`. */
  exportRun(runId: RunId): Promise<Uint8Array>;
  /** Makes a stored run this store's to write; whoever held it is refused from now on. Throws `data.not-found`. */
  claim(runId: RunId): Promise<void>;
  /** Writes the summary alone (a rename, a status), or a new run before its first step. */
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
  /** Throws `data.not-found` for an unknown run, `checkpoint.corrupt` if no slot can be read. */
  load(runId: RunId): Promise<StoredRun>;
  /** Of all runs, at most one each: the first save of a day. */
  snapshots(): Promise<readonly RunSnapshot[]>;
  /** Takes a run back to its snapshot, history and all; what is newer is given up, and it is this store's to write. Throws `data.not-found` where there is none. */
  restoreSnapshot(runId: RunId): Promise<void>;
  /**
   * Keeps what a stage leaves behind, whole, under a name made of letters, digits and + @ . _ -; replaces what was there.
   * Throws `storage.quota`.
   */
  saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void>;
  /** Null if there is none of that name. Throws `run.output-damaged`. */
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
