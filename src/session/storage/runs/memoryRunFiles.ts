// Runs in memory: for command-line runs that keep nothing, for browsers that store nothing, and for tests.
import type { RunId } from '../../../domain/run.ts';
import type { RunFiles, RunWrite } from './runFiles.ts';

export class MemoryRunFiles implements RunFiles {
  private readonly runs = new Map<string, { row: unknown; files: Map<string, Uint8Array> }>();

  async rows(): Promise<{ runId: string; row: unknown }[]> {
    return [...this.runs].map(([runId, { row }]) => ({ runId, row: structuredClone(row) }));
  }

  async names(runId: RunId): Promise<string[]> {
    return [...(this.runs.get(runId)?.files.keys() ?? [])];
  }

  async row(runId: RunId): Promise<unknown> {
    return structuredClone(this.runs.get(runId)?.row);
  }

  async read(runId: RunId, name: string): Promise<Uint8Array | null> {
    return this.runs.get(runId)?.files.get(name)?.slice() ?? null;
  }

  async write(runId: RunId, decide: (row: unknown) => RunWrite): Promise<void> {
    const kept = this.runs.get(runId) ?? { row: undefined, files: new Map<string, Uint8Array>() };
    const { row, put = new Map<string, Uint8Array>() } = decide(structuredClone(kept.row));
    for (const [name, bytes] of put) kept.files.set(name, bytes.slice());
    kept.row = structuredClone(row);
    this.runs.set(runId, kept);
  }

  async remove(runId: RunId): Promise<void> {
    this.runs.delete(runId);
  }
}
