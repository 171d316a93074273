// Runs as files in a folder, one folder a run. `run.json` is the pointer: whatever it does not name does not exist,
// so a save writes checkpoint and history first and replaces `run.json` last (temporary file, fsync, rename).
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import * as v from 'valibot';
import { StudioError } from '../../../domain/errors.ts';
import type { MetricFrame } from '../../../domain/metrics.ts';
import { newestFirst } from '../../../domain/newestFirst.ts';
import type { Evaluation, RunId, RunSummary } from '../../../domain/run.ts';
import type { RunStore, StoredRun } from '../../../session/ports.ts';
import type { HistoryPiece } from '../../../session/run/runHistory.ts';
import { historyPiece, isEmptyPiece, joinHistory, summaryAt } from '../../../session/run/runHistory.ts';
import { crc32 } from '../../../session/storage/crc32.ts';
import { checkpointCorrupt, runNotFound } from '../../../session/storage/storageErrors.ts';
import { whenMissing, writeError } from './fileErrors.ts';
import { makeFolder, writeWhole } from './writtenFiles.ts';

type Slot = 'a' | 'b';

// The parts of a summary that this store decides by; the rest is the session's to understand.
const summarySchema = v.custom<RunSummary>((value) =>
  v.is(v.looseObject({ runId: v.string(), step: v.number(), createdAtMs: v.number() }), value),
);
const slotSchema = v.nullable(
  v.object({ summary: summarySchema, sizeBytes: v.number(), crc32: v.number(), pieces: v.number() }),
);
const rowSchema = v.object({
  format: v.literal(1),
  summary: summarySchema,
  current: v.nullable(v.picklist(['a', 'b'])),
  slots: v.object({ a: slotSchema, b: slotSchema }),
});
type Row = v.InferOutput<typeof rowSchema>;

export class DirectoryRunStore implements RunStore {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Newest first. Folders that hold no run are passed over. */
  async listRuns(): Promise<readonly RunSummary[]> {
    const names = await readdir(this.directory).catch(whenMissing(this.directory, []));
    const rows = await Promise.all(names.map((name) => this.readRow(name)));
    return newestFirst(rows.flatMap((row) => (row === null ? [] : [row.summary])));
  }

  async saveSummary(summary: RunSummary): Promise<void> {
    const row = (await this.readRow(summary.runId)) ?? emptyRow(summary);
    await this.writeRow({ ...row, summary });
  }

  async save(
    summary: RunSummary,
    checkpoint: Uint8Array,
    metrics: MetricFrame,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const { runId } = summary;
    const row = (await this.readRow(runId)) ?? emptyRow(summary);
    const slot = otherSlot(row.current);
    const before = row.current === null ? 0 : (row.slots[row.current]?.pieces ?? 0);
    const piece = historyPiece(metrics, evaluations);
    const pieces = isEmptyPiece(piece) ? before : before + 1;
    await this.writeFile(runId, checkpointName(slot), checkpoint);
    if (pieces > before) await this.writeFile(runId, pieceName(before), serialize(piece));
    const filled = { summary, sizeBytes: checkpoint.byteLength, crc32: crc32(checkpoint), pieces };
    await this.writeRow({ format: 1, summary, current: slot, slots: { ...row.slots, [slot]: filled } });
  }

  async load(runId: RunId): Promise<StoredRun> {
    const row = await this.readRow(runId);
    if (row === null) throw runNotFound(runId);
    if (row.current === null) return { summary: row.summary, checkpoint: null, metrics: {}, evaluations: [] };
    const newest = await this.readSlot(row, row.current);
    if (newest !== null) return newest;
    const slot = otherSlot(row.current);
    const older = await this.readSlot(row, slot);
    if (older === null) throw checkpointCorrupt(runId);
    // Later history files are not named any more and will be overwritten.
    await this.writeRow({
      ...row,
      summary: older.summary,
      current: slot,
      slots: { ...row.slots, [row.current]: null },
    });
    return older;
  }

  async saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void> {
    await this.writeFile(runId, outputName(name), bytes);
  }

  async loadOutput(runId: RunId, name: string): Promise<Uint8Array | null> {
    const path = this.path(runId, outputName(name));
    const bytes = await readFile(path).catch(whenMissing(path, null));
    return bytes === null ? null : new Uint8Array(bytes);
  }

  async deleteRun(runId: RunId): Promise<void> {
    const path = this.path(runId);
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
  }

  private path(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  /** Null if there is no such run. Throws `storage.corrupt` if its `run.json` is not one. */
  private async readRow(runId: string): Promise<Row | null> {
    const path = this.path(runId, 'run.json');
    const text = await readFile(path, 'utf8').catch(whenMissing(path, null));
    if (text === null) return null;
    try {
      return v.parse(rowSchema, JSON.parse(text));
    } catch (error) {
      throw new StudioError(
        'storage.corrupt',
        `${path} does not describe a run.`,
        'Remove that folder.',
        { path },
        error,
      );
    }
  }

  private async writeRow(row: Row): Promise<void> {
    await this.writeFile(row.summary.runId, 'run.json', Buffer.from(`${JSON.stringify(row, null, 2)}\n`));
  }

  /** The run as of one slot, or null if the slot is empty or damaged. */
  private async readSlot(row: Row, slot: Slot): Promise<StoredRun | null> {
    const info = row.slots[slot];
    if (info === null) return null;
    const { runId } = row.summary;
    const path = this.path(runId, checkpointName(slot));
    const checkpoint = await readFile(path).catch(whenMissing(path, null));
    if (checkpoint === null || checkpoint.byteLength !== info.sizeBytes || crc32(checkpoint) !== info.crc32)
      return null;
    const pieces: HistoryPiece[] = [];
    for (let i = 0; i < info.pieces; i++) pieces.push(deserialize(await readFile(this.path(runId, pieceName(i)))));
    return {
      summary: summaryAt(info.summary, row.summary),
      checkpoint: new Uint8Array(checkpoint),
      ...joinHistory(pieces),
    };
  }

  private async writeFile(runId: string, name: string, bytes: Uint8Array): Promise<void> {
    await makeFolder(this.path(runId));
    await writeWhole(this.path(runId, name), bytes);
  }
}

const otherSlot = (slot: Slot | null): Slot => (slot === 'a' ? 'b' : 'a');
const checkpointName = (slot: Slot): string => `checkpoint-${slot}.safetensors`;
const outputName = (name: string): string => `output-${name}`;
const pieceName = (index: number): string => `history-${String(index).padStart(6, '0')}.bin`;
const emptyRow = (summary: RunSummary): Row => ({ format: 1, summary, current: null, slots: { a: null, b: null } });
