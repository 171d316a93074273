// Runs at rest, whatever they lie in: two checkpoint slots and one of the day, pieces of history, outputs of stages, each under
// a checksum, and a lease that says who may write. A host gives rows and bytes (runFiles.ts); the rules are all here.
import { serialiseError } from '../../../domain/errors.ts';
import type { MetricFrame } from '../../../domain/metrics.ts';
import { newestFirst } from '../../../domain/newestFirst.ts';
import type { Evaluation, RunId, RunSnapshot, RunSummary, UnreadableRun } from '../../../domain/run.ts';
import type { RunStore, StoredRun } from '../../ports.ts';
import { type HistoryPiece, historyPiece, isEmptyPiece, joinHistory, summaryAt } from '../../run/runHistory.ts';
import { crc32 } from '../crc32.ts';
import { checkpointCorrupt, outputDamaged, rowUnreadable, runGone, runNotFound, runTaken } from '../storageErrors.ts';
import { packPiece, unpackPiece } from './pieceBytes.ts';
import type { RunFiles, RunWrite } from './runFiles.ts';
import {
  checkpointName,
  emptyRow,
  otherSlot,
  outputName,
  parseRow,
  pieceName,
  type RunRow,
  type Slot,
  type StoredSlot,
} from './runRow.ts';
import { zipOfRun } from './zipOfRun.ts';

/** A slot is kept aside once a day. */
const SNAPSHOT_EVERY_MS = 24 * 60 * 60 * 1000;

export class KeptRunStore implements RunStore {
  private readonly files: RunFiles;
  private readonly newLease: () => string;
  /** The tokens that this store writes with. */
  private readonly leases = new Map<RunId, string>();
  /** The runs that it has written: one that is missing now was deleted elsewhere. */
  private readonly written = new Set<RunId>();

  /** `newLease` makes a token that no other store makes. */
  constructor(files: RunFiles, newLease: () => string) {
    this.files = files;
    this.newLease = newLease;
  }

  async listRuns(): Promise<readonly RunSummary[]> {
    const rows = await this.files.rows();
    return newestFirst(rows.flatMap(({ row }) => parseRow(row)?.summary ?? []));
  }

  async unreadableRuns(): Promise<readonly UnreadableRun[]> {
    const rows = await this.files.rows();
    return rows.flatMap(({ runId, row }) =>
      parseRow(row) === null ? [{ runId: runId as RunId, reason: serialiseError(rowUnreadable(runId)) }] : [],
    );
  }

  async exportRun(runId: RunId): Promise<Uint8Array> {
    const row = await this.files.row(runId).catch(() => null);
    const names = await this.files.names(runId);
    if (row === undefined && names.length === 0) throw runNotFound(runId);
    return zipOfRun(row, names, (name) => this.files.read(runId, name));
  }

  async claim(runId: RunId): Promise<void> {
    const lease = this.newLease();
    await this.files.write(runId, (value) => {
      if (value === undefined) throw runNotFound(runId);
      return { row: { ...this.rowOf(runId, value), lease } };
    });
    this.leases.set(runId, lease);
    this.written.add(runId);
  }

  async saveSummary(summary: RunSummary): Promise<void> {
    await this.change(summary.runId, summary, (row) => ({ row: { ...row, summary } }));
  }

  async save(
    summary: RunSummary,
    checkpoint: Uint8Array,
    metrics: MetricFrame,
    evaluations: readonly Evaluation[],
  ): Promise<void> {
    const piece = historyPiece(metrics, evaluations);
    const bytes = isEmptyPiece(piece) ? null : packPiece(piece);
    const file = { sizeBytes: checkpoint.byteLength, crc32: crc32(checkpoint) };
    await this.change(summary.runId, summary, (row) => {
      const slot = otherSlot(row.current);
      const before = row.current === null ? 0 : (row.slots[row.current]?.pieces ?? 0);
      const filled: StoredSlot = { summary, ...file, pieces: bytes === null ? before : before + 1 };
      const isNewDay =
        summary.updatedAtMs - (row.slots.day?.summary ?? { updatedAtMs: summary.createdAtMs }).updatedAtMs >=
        SNAPSHOT_EVERY_MS;
      const put = new Map([[checkpointName(slot), checkpoint]]);
      if (bytes !== null) put.set(pieceName(before), bytes);
      if (isNewDay) put.set(checkpointName('day'), checkpoint);
      const slots = { ...row.slots, [slot]: filled, ...(isNewDay ? { day: filled } : {}) };
      return { row: { ...row, summary, current: slot, slots }, put };
    });
  }

  async load(runId: RunId): Promise<StoredRun> {
    const value = await this.files.row(runId);
    if (value === undefined) throw runNotFound(runId);
    const row = this.rowOf(runId, value);
    if (row.current === null) return { summary: row.summary, checkpoint: null, metrics: {}, evaluations: [], lost: 0 };
    const newest = await this.readSlot(row, row.current);
    if (newest !== null) return newest;
    // Not damage, but a save of the run's owner that came between the row and the bytes.
    if (!isSame(row, parseRow(await this.files.row(runId)))) return this.load(runId);
    for (const slot of olderSlots(row)) {
      const older = await this.readSlot(row, slot);
      if (older === null) continue;
      await this.fallBack(row, slot);
      return older;
    }
    throw checkpointCorrupt(runId);
  }

  async snapshots(): Promise<readonly RunSnapshot[]> {
    return (await this.files.rows()).flatMap(({ row }) => {
      const day = parseRow(row)?.slots.day;
      if (day == null) return [];
      const { runId, step, updatedAtMs } = day.summary;
      return [{ runId, step, savedAtMs: updatedAtMs }];
    });
  }

  async restoreSnapshot(runId: RunId): Promise<void> {
    // Whoever trains it elsewhere must not save on top of what it goes back to.
    await this.claim(runId);
    const value = await this.files.row(runId);
    const row = value === undefined ? null : this.rowOf(runId, value);
    if (row === null || (await this.readSlot(row, 'day')) === null) throw runNotFound(runId);
    await this.fallBack(row, 'day');
  }

  async saveOutput(runId: RunId, name: string, bytes: Uint8Array): Promise<void> {
    const file = { sizeBytes: bytes.byteLength, crc32: crc32(bytes) };
    await this.change(runId, null, (row) => ({
      row: { ...row, outputs: { ...row.outputs, [name]: file } },
      put: new Map([[outputName(name), bytes]]),
    }));
  }

  async loadOutput(runId: RunId, name: string): Promise<Uint8Array | null> {
    const value = await this.files.row(runId);
    if (value === undefined) return null;
    const bytes = await this.files.read(runId, outputName(name));
    const { outputs } = this.rowOf(runId, value);
    const file = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (file === undefined) return bytes;
    if (bytes === null || !isWhole(bytes, file)) throw outputDamaged(runId, name);
    return bytes;
  }

  async deleteRun(runId: RunId): Promise<void> {
    this.written.delete(runId);
    this.leases.delete(runId);
    await this.files.remove(runId);
  }

  /** Writes a run that is this store's; `fresh` is the summary of one that is not there yet. */
  private async change(runId: RunId, fresh: RunSummary | null, decide: (row: RunRow) => RunWrite): Promise<void> {
    const lease = this.leases.get(runId) ?? this.newLease();
    this.leases.set(runId, lease);
    await this.files.write(runId, (value) => {
      if (value === undefined) {
        if (this.written.has(runId)) throw runGone(runId);
        if (fresh === null) throw runNotFound(runId);
        return decide(emptyRow(fresh, lease));
      }
      const row = this.rowOf(runId, value);
      if (row.lease !== null && row.lease !== lease) throw runTaken(runId);
      return decide({ ...row, lease });
    });
    this.written.add(runId);
  }

  private rowOf(runId: RunId, value: unknown): RunRow {
    const row = parseRow(value);
    if (row === null) throw rowUnreadable(runId);
    return row;
  }

  /** The run as of one slot, or null if the slot is empty or damaged. */
  private async readSlot(row: RunRow, slot: Slot): Promise<StoredRun | null> {
    const info = row.slots[slot];
    if (info === null) return null;
    const { runId } = row.summary;
    const checkpoint = await this.files.read(runId, checkpointName(slot));
    if (checkpoint === null || !isWhole(checkpoint, info)) return null;
    const pieces: HistoryPiece[] = [];
    for (let i = 0; i < info.pieces; i++) {
      const bytes = await this.files.read(runId, pieceName(i));
      const piece = bytes === null ? null : unpackPiece(bytes);
      if (piece !== null) pieces.push(piece);
    }
    const lost = info.pieces - pieces.length;
    return { summary: summaryAt(info.summary, row.summary), checkpoint, ...joinHistory(pieces), lost };
  }

  /** Makes an older checkpoint the one that counts. Later pieces of history are not named any more and will be overwritten. */
  private async fallBack(seen: RunRow, from: Slot): Promise<void> {
    const { runId } = seen.summary;
    const checkpoint = from === 'day' ? await this.files.read(runId, checkpointName('day')) : null;
    await this.files.write(runId, (value) => {
      const row = this.rowOf(runId, value);
      const info = row.slots[from];
      if (info === null || !isSame(seen, row)) throw runTaken(runId);
      const slot = from === 'day' ? 'a' : from;
      const day = row.slots.day !== null && row.slots.day.pieces <= info.pieces ? row.slots.day : null;
      const slots = { a: null, b: null, day, [slot]: info };
      const summary = summaryAt(info.summary, row.summary);
      return {
        row: { ...row, summary, current: slot, slots },
        ...(checkpoint === null ? {} : { put: new Map([[checkpointName(slot), checkpoint]]) }),
      };
    });
  }
}

/** What to try after the slot that counts, the latest first. */
function olderSlots({ current, slots }: RunRow): readonly Slot[] {
  return (['a', 'b', 'day'] as const)
    .filter((slot) => slot !== current && slots[slot] !== null)
    .sort((a, b) => (slots[b]?.summary.step ?? 0) - (slots[a]?.summary.step ?? 0));
}

/** Whether nobody saved between two looks. */
const isSame = (before: RunRow, now: RunRow | null): boolean =>
  now !== null &&
  now.current === before.current &&
  (['a', 'b'] as const).every((slot) => now.slots[slot]?.crc32 === before.slots[slot]?.crc32);

const isWhole = (bytes: Uint8Array, file: { readonly sizeBytes: number; readonly crc32: number }): boolean =>
  bytes.byteLength === file.sizeBytes && crc32(bytes) === file.crc32;
