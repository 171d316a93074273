// What a host gives to keep runs in: named bytes beside one row a run. Everything that a row means, and in which order things
// are written, is decided once, in keptRunStore.ts.
import type { RunId } from '../../../domain/run.ts';

/** What a write does, as one. */
export interface RunWrite {
  /** Becomes the run's row; plain data. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly put?: ReadonlyMap<string, Uint8Array>;
}

export interface RunFiles {
  /** The rows of all runs, as they were written; whatever lies among them. */
  rows(): Promise<readonly { readonly runId: string; readonly row: unknown }[]>;
  /** Of the bytes that lie beside a run's row. */
  names(runId: RunId): Promise<readonly string[]>;
  /** Undefined where there is no such run. */
  row(runId: RunId): Promise<unknown>;
  /** Null where there is none of that name. Throws `storage.*`. */
  read(runId: RunId, name: string): Promise<Uint8Array | null>;
  /**
   * Shows the row as it stands and does what comes back: everything or nothing. Where the host has no transactions, bytes are
   * written first and the row that names them replaces the old one last. What `decide` throws is thrown, and nothing is written.
   * Throws `storage.quota`.
   */
  write(runId: RunId, decide: (row: unknown) => RunWrite): Promise<void>;
  /** Row and bytes. */
  remove(runId: RunId): Promise<void>;
}
