// Runs in IndexedDB: two checkpoint slots, and a pointer that moves in the transaction that fills one of them.

import type { MetricFrame } from '../../domain/metrics.ts';
import { newestFirst } from '../../domain/newestFirst.ts';
import type { Evaluation, RunId, RunSummary } from '../../domain/run.ts';
import type { RunStore, StoredRun } from '../../session/ports.ts';
import { historyPiece, isEmptyPiece, joinHistory, summaryAt } from '../../session/run/runHistory.ts';
import { crc32 } from '../../session/storage/crc32.ts';
import { checkpointCorrupt, runNotFound } from '../../session/storage/storageErrors.ts';
import type { StudioDatabase } from './openDatabase.ts';
import type { Slot, StoredRunRow, StoredSlot } from './schema.ts';

const PART_BYTES = 16 * 2 ** 20;

export class IdbRunStore implements RunStore {
  private readonly database: StudioDatabase;

  constructor(database: StudioDatabase) {
    this.database = database;
  }

  /** Newest first. */
  async listRuns(): Promise<readonly RunSummary[]> {
    const rows = await this.database.use((connection) => connection.getAll('runs'));
    return newestFirst(rows.map(({ summary }) => summary));
  }

  async saveSummary(summary: RunSummary): Promise<void> {
    await this.database.write(['runs'], async (transaction) => {
      const runs = transaction.objectStore('runs');
      await runs.put({ ...((await runs.get(summary.runId)) ?? emptyRow(summary)), summary });
    });
  }

  async save(
    summary: RunSummary,
    checkpoint: Uint8Array,
    metrics: MetricFrame,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const { runId } = summary;
    const parts = partsOf(checkpoint);
    const piece = historyPiece(metrics, evaluations);
    const checksum = crc32(checkpoint);
    await this.database.write(['runs', 'history', 'checkpoints'], async (transaction) => {
      const runs = transaction.objectStore('runs');
      const row = (await runs.get(runId)) ?? emptyRow(summary);
      const slot = otherSlot(row.current);
      const before = row.current === null ? 0 : (row.slots[row.current]?.pieces ?? 0);
      const pieces = isEmptyPiece(piece) ? before : before + 1;
      const filled: StoredSlot = { summary, sizeBytes: checkpoint.byteLength, crc32: checksum, pieces };
      const checkpoints = transaction.objectStore('checkpoints');
      await checkpoints.delete(partsRange(runId, slot));
      await Promise.all([
        ...parts.map((part, i) => checkpoints.put(part, [runId, slot, i])),
        pieces > before ? transaction.objectStore('history').put(piece, [runId, before]) : null,
        runs.put({ summary, current: slot, slots: { ...row.slots, [slot]: filled } }),
      ]);
    });
  }

  async load(runId: RunId): Promise<StoredRun> {
    const newest = await this.readSlot(runId, (row) => row.current);
    if (newest === null) throw runNotFound(runId);
    if (newest.slot === null) return { summary: newest.row.summary, checkpoint: null, metrics: {}, evaluations: [] };
    if (newest.run !== null) return newest.run;
    const older = await this.readSlot(runId, (row) => otherSlot(row.current));
    if (older === null || older.slot === null || older.run === null) throw checkpointCorrupt(runId);
    await this.fallBack(runId, older.slot);
    return older.run;
  }

  async saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void> {
    const parts = partsOf(bytes);
    await this.database.write(['outputs'], async (transaction) => {
      const outputs = transaction.objectStore('outputs');
      await outputs.delete(outputRange(runId, name));
      await Promise.all(parts.map((part, i) => outputs.put(part, [runId, name, i])));
    });
  }

  async loadOutput(runId: RunId, name: string): Promise<Uint8Array | null> {
    const parts = await this.database.use((connection) => connection.getAll('outputs', outputRange(runId, name)));
    return parts.length === 0 ? null : joinParts(parts);
  }

  async deleteRun(runId: RunId): Promise<void> {
    await this.database.write(['runs', 'history', 'checkpoints', 'outputs'], async (transaction) => {
      await Promise.all([
        transaction.objectStore('runs').delete(runId),
        transaction.objectStore('outputs').delete(IDBKeyRange.bound([runId], [runId, []])),
        transaction.objectStore('history').delete(IDBKeyRange.bound([runId], [runId, []])),
        transaction.objectStore('checkpoints').delete(IDBKeyRange.bound([runId], [runId, []])),
      ]);
    });
  }

  /** The run as of the slot that `pick` names, read in one transaction; `run` is null if the slot is empty or damaged. */
  private async readSlot(
    runId: RunId,
    pick: (row: StoredRunRow) => Slot | null,
  ): Promise<{ row: StoredRunRow; slot: Slot | null; run: StoredRun | null } | null> {
    const read = await this.database.use(async (connection) => {
      const transaction = connection.transaction(['runs', 'checkpoints', 'history']);
      const row = await transaction.objectStore('runs').get(runId);
      const slot = row === undefined ? null : pick(row);
      const info = slot === null ? null : row?.slots[slot];
      if (row === undefined || slot === null || !info) return { row, slot, info: null, parts: [], pieces: [] };
      const [parts, pieces] = await Promise.all([
        transaction.objectStore('checkpoints').getAll(partsRange(runId, slot)),
        transaction.objectStore('history').getAll(IDBKeyRange.bound([runId], [runId, info.pieces], false, true)),
      ]);
      return { row, slot, info, parts, pieces };
    });
    const { row, slot, info, parts, pieces } = read;
    if (row === undefined) return null;
    const checkpoint = joinParts(parts);
    if (info === null || checkpoint.byteLength !== info.sizeBytes || crc32(checkpoint) !== info.crc32) {
      return { row, slot, run: null };
    }
    return { row, slot, run: { summary: summaryAt(info.summary, row.summary), checkpoint, ...joinHistory(pieces) } };
  }

  /** Makes the older checkpoint the one that counts, and forgets what was measured after it. */
  private async fallBack(runId: RunId, slot: Slot): Promise<void> {
    await this.database.write(['runs', 'history'], async (transaction) => {
      const runs = transaction.objectStore('runs');
      const row = await runs.get(runId);
      const info = row?.slots[slot];
      if (row === undefined || !info) return;
      const summary = summaryAt(info.summary, row.summary);
      await Promise.all([
        transaction.objectStore('history').delete(IDBKeyRange.bound([runId, info.pieces], [runId, []])),
        runs.put({ summary, current: slot, slots: { a: null, b: null, [slot]: info } }),
      ]);
    });
  }
}

const otherSlot = (slot: Slot | null): Slot => (slot === 'a' ? 'b' : 'a');

const emptyRow = (summary: RunSummary): StoredRunRow => ({ summary, current: null, slots: { a: null, b: null } });

const partsRange = (runId: RunId, slot: Slot): IDBKeyRange => IDBKeyRange.bound([runId, slot], [runId, slot, []]);

const outputRange = (runId: RunId, name: string): IDBKeyRange => IDBKeyRange.bound([runId, name], [runId, name, []]);

function partsOf(bytes: Uint8Array): ArrayBuffer[] {
  const count = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES));
  return Array.from({ length: count }, (_, i) => bytes.slice(i * PART_BYTES, (i + 1) * PART_BYTES).buffer);
}

function joinParts(parts: readonly ArrayBuffer[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  return joined;
}
