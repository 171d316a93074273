// A run's row and bytes as files, one folder a run. `run.json` is the row: whatever it does not name does not exist, so a write
// puts the bytes first and replaces `run.json` last (temporary file, fsync, rename).
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { StudioError } from '../../../domain/errors.ts';
import type { RunId } from '../../../domain/run.ts';
import { packPiece } from '../../../session/storage/runs/pieceBytes.ts';
import type { RunFiles, RunWrite } from '../../../session/storage/runs/runFiles.ts';
import { whenMissing, writeError } from './fileErrors.ts';
import { makeFolder, writeWhole } from './writtenFiles.ts';

const ROW = 'run.json';
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
    return names.filter((name) => name !== ROW);
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
    await writeWhole(this.path(runId, ROW), `${JSON.stringify(row, null, 2)}\n`);
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

  /** Undefined if there is no such run. Throws `storage.corrupt` if its `run.json` is not JSON. */
  private async readRow(runId: string): Promise<unknown> {
    const path = this.path(runId, ROW);
    const text = await readFile(path, 'utf8').catch(whenMissing(path, null));
    if (text === null) return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      const advice = 'Remove that folder.';
      throw new StudioError('storage.corrupt', `${path} does not describe a run.`, advice, { path }, error);
    }
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
