// Measured kernel choices as JSON files, one an adapter, in the user's cache folder.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TuningTable } from '../../../domain/tuningTable.ts';
import type { TuningStore } from '../../../session/ports.ts';
import { makeFolder, writeWhole } from './writtenFiles.ts';

export class FileTuningStore implements TuningStore {
  private readonly directory: string;

  constructor(directory: string = cacheFolder()) {
    this.directory = directory;
  }

  async load(adapter: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(this.path(adapter), 'utf8'));
    } catch {
      return null; // missing or cut off: it will be measured again
    }
  }

  /** Throws `storage.*`. */
  async save(adapter: string, table: TuningTable): Promise<void> {
    await makeFolder(this.directory);
    await writeWhole(this.path(adapter), `${JSON.stringify(table, null, 2)}\n`);
  }

  /** An adapter's name is text for people: it may hold anything. */
  private path(adapter: string): string {
    return join(this.directory, `kernels-${createHash('sha256').update(adapter).digest('hex').slice(0, 16)}.json`);
  }
}

function cacheFolder(): string {
  const named = process.env.XDG_CACHE_HOME;
  return join(named === undefined || named === '' ? join(homedir(), '.cache') : named, 'udas-studio');
}
