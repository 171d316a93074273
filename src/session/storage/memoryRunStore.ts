// Runs in memory: for command-line runs that keep nothing, and for tests of what uses a store.
import type { MetricFrame } from '../../domain/metrics.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import type { Evaluation, RunId, RunSummary } from '../../domain/run.ts';
import type { RunStore, StoredRun } from '../ports.ts';
import type { HistoryPiece } from '../run/runHistory.ts';
import { historyPiece, joinHistory, summaryAt } from '../run/runHistory.ts';
import { runNotFound } from './storageErrors.ts';

interface KeptRun {
  readonly summary: RunSummary;
  readonly saved: { readonly summary: RunSummary; readonly checkpoint: Uint8Array } | null;
  readonly pieces: readonly HistoryPiece[];
}

export class MemoryRunStore implements RunStore {
  private readonly runs = new Map<RunId, KeptRun>();
  private readonly outputs = new Map<RunId, Map<string, Uint8Array>>();

  /** Newest first. */
  async listRuns(): Promise<readonly RunSummary[]> {
    return newestFirst([...this.runs.values()].map(({ summary }) => structuredClone(summary)));
  }

  async saveSummary(summary: RunSummary): Promise<void> {
    const { saved = null, pieces = [] } = this.runs.get(summary.runId) ?? {};
    this.runs.set(summary.runId, { summary: structuredClone(summary), saved, pieces });
  }

  async save(
    summary: RunSummary,
    checkpoint: Uint8Array,
    metrics: MetricFrame,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const copy = structuredClone(summary);
    this.runs.set(summary.runId, {
      summary: copy,
      saved: { summary: copy, checkpoint: checkpoint.slice() },
      pieces: [...(this.runs.get(summary.runId)?.pieces ?? []), historyPiece(metrics, evaluations)],
    });
  }

  async load(runId: RunId): Promise<StoredRun> {
    const kept = this.runs.get(runId);
    if (kept === undefined) throw runNotFound(runId);
    const { summary, saved, pieces } = structuredClone(kept);
    if (saved === null) return { summary, checkpoint: null, metrics: {}, evaluations: [] };
    return { summary: summaryAt(saved.summary, summary), checkpoint: saved.checkpoint, ...joinHistory(pieces) };
  }

  async saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void> {
    const outputs = this.outputs.get(runId) ?? new Map<string, Uint8Array>();
    this.outputs.set(runId, outputs.set(name, bytes.slice()));
  }

  async loadOutput(runId: RunId, name: string): Promise<Uint8Array | null> {
    return this.outputs.get(runId)?.get(name)?.slice() ?? null;
  }

  async deleteRun(runId: RunId): Promise<void> {
    this.runs.delete(runId);
    this.outputs.delete(runId);
  }
}
