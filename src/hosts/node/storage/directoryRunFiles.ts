// A run's row and bytes as files, one folder a run. `run.json` is the row: whatever it does not name does not exist, so a write
// puts the bytes first and replaces `run.json` last (temporary file, fsync, rename).
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { StudioError } from '../../../domain/errors.ts';
import type { RunId } from '../../../domain/run.ts';
import { crc32 } from '../../../session/storage/crc32.ts';
import { packPiece } from '../../../session/storage/runs/pieceBytes.ts';
import type { RunFiles, RunWrite } from '../../../session/storage/runs/runFiles.ts';
import { whenMissing, writeError } from './fileErrors.ts';
import { makeFolder, writeWhole } from './writtenFiles.ts';

const ROW = 'run.json';
/** The row before the last write. */
const ROW_BEFORE = 'run.before.json';
/** The first byte of what `node:v8` wrote: history from before all hosts wrote it alike. */
const V8_HEADER = 0xff;

export class DirectoryRunFiles implements RunFiles {
  private readonly directory: string;
  private readonly mayWrite: () => Promise<void>;

  /** `mayWrite` is asked before anything is changed. */
  constructor(directory: string, mayWrite: () => Promise<void>) {
    this.directory = directory;
    this.mayWrite = mayWrite;
  }

  /** Folders without a `run.json` are passed over; one that cannot be read is null. */
  async rows(): Promise<{ runId: string; row: unknown }[]> {
    const names = await readdir(this.directory).catch(whenMissing(this.directory, []));
    const rows = await Promise.all(
      names.map(async (runId) => ({ runId, row: await this.readRow(runId).catch(() => null) })),
    );
    return rows.filter(({ row }) => row !== undefined);
  }

  async names(runId: RunId): Promise<string[]> {
    const path = this.path(runId);
    const names = await readdir(path).catch(whenMissing(path, []));
    return names.filter((name) => name !== ROW && name !== ROW_BEFORE);
  }

  row(runId: RunId): Promise<unknown> {
    return this.readRow(runId);
  }

  async read(runId: RunId, name: string): Promise<Uint8Array | null> {
    const path = this.path(runId, name);
    const bytes = await readFile(path).catch(whenMissing(path, null));
    if (bytes === null) return null;
    return name.startsWith('history-') && bytes[0] === V8_HEADER ? repacked(bytes) : new Uint8Array(bytes);
  }

  async write(runId: RunId, decide: (row: unknown) => RunWrite): Promise<void> {
    const { row, put = new Map<string, Uint8Array>() } = decide(await this.readRow(runId));
    await this.mayWrite();
    await makeFolder(this.path(runId));
    for (const [name, bytes] of put) await writeWhole(this.path(runId, name), bytes);
    const before = await this.textOf(runId, ROW);
    if (before !== null && checked(before) !== null) await writeWhole(this.path(runId, ROW_BEFORE), before);
    const check = crc32(new TextEncoder().encode(JSON.stringify(row)));
    await writeWhole(this.path(runId, ROW), `${JSON.stringify({ ...row, check }, null, 2)}\n`);
  }

  async remove(runId: RunId): Promise<void> {
    const path = this.path(runId);
    await this.mayWrite();
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
  }

  private path(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  private textOf(runId: string, name: string): Promise<string | null> {
    const path = this.path(runId, name);
    return readFile(path, 'utf8').catch(whenMissing(path, null));
  }

  /**
   * Undefined if there is no such run. A row that is damaged or gone is as it was before the last write: what that row names is
   * still there. Throws `storage.corrupt` if neither can be read.
   */
  private async readRow(runId: string): Promise<unknown> {
    const texts = [await this.textOf(runId, ROW), await this.textOf(runId, ROW_BEFORE)];
    const rows = texts.flatMap((text) => (text === null ? [] : [checked(text)]));
    if (rows.length === 0) return undefined;
    const row = rows.find((one) => one !== null);
    if (row !== undefined) return row;
    const path = this.path(runId, ROW);
    throw new StudioError('storage.corrupt', `${path} does not describe a run.`, 'Remove that folder.', { path });
  }
}

/** What a row's text says; null if it is not what was written. Rows from before checksums are taken at their word. */
function checked(text: string): unknown {
  try {
    const { check, ...row } = JSON.parse(text);
    return check === undefined || check === crc32(new TextEncoder().encode(JSON.stringify(row))) ? row : null;
  } catch {
    return null;
  }
}

/** Damaged bytes stay what they are, and are told by their checksum that is missing. */
function repacked(bytes: Uint8Array): Uint8Array {
  try {
    return packPiece(deserialize(bytes));
  } catch {
    return new Uint8Array(bytes);
  }
}
