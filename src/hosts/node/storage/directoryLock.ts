// One process writes in a run's folder: a file there says which. Who finds it of a process that is gone takes it over; one of
// another machine stands until somebody says that it is not needed any more, because nobody can look.
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { StudioError } from '../../../domain/errors.ts';
import { systemCode, whenMissing, writeError } from './fileErrors.ts';
import { hiddenFile } from './hiddenFiles.ts';
import { type ProcessIdentity, thisProcess, whereabouts } from './processIdentity.ts';
import { makeFolder } from './writtenFiles.ts';

const NAME = 'lock.json';

const heldSchema = v.object({
  /** Tells this taking from any other. */
  token: v.string(),
  pid: v.number(),
  started: v.string(),
  host: v.string(),
  machine: v.string(),
  since: v.string(),
});
type Held = v.InferOutput<typeof heldSchema>;

/** File systems without hard links say so in these ways. */
const LINKLESS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

export class DirectoryLock {
  private readonly directory: string;
  private readonly token: string;

  private constructor(directory: string, token: string) {
    this.directory = directory;
    this.token = token;
    process.once('exit', this.release);
  }

  /**
   * Makes the folder this process's to write in, creating it if need be. Throws `run.taken` if it is another's; with
   * `takeOver` only if that one is seen to be alive.
   */
  static async take(
    directory: string,
    takeOver: boolean,
    owner: ProcessIdentity = thisProcess(),
  ): Promise<DirectoryLock> {
    await makeFolder(directory);
    const mine: Held = { token: randomUUID(), ...owner, since: new Date().toISOString() };
    while (!(await created(directory, mine))) {
      const text = await textIn(directory);
      refuse(directory, heldIn(text), takeOver);
      if (text !== null) await setAside(directory, text);
    }
    return new DirectoryLock(directory, mine.token);
  }

  /** Throws `run.taken` if the folder is not this process's any more: it was taken over, or the file is gone. */
  async check(): Promise<void> {
    const held = heldIn(await textIn(this.directory));
    if (isHeld(held) && held.token === this.token) return;
    const who = isHeld(held) ? `is ${nameOf(held)} now` : 'is nobody any more';
    throw taken(
      this.directory,
      `${this.directory} was taken from this process: who writes there ${who}.`,
      'What was saved before is whole. Let one process write there at a time.',
    );
  }

  readonly release = (): void => {
    process.off('exit', this.release);
    try {
      const path = join(this.directory, NAME);
      if (JSON.parse(readFileSync(path, 'utf8')).token === this.token) rmSync(path);
    } catch {
      // It was taken over, or its folder is gone.
    }
  };
}

/** Throws `run.taken` where another process writes, without taking anything: before work that would be for nothing. */
export async function refuseHeld(directory: string, takeOver: boolean): Promise<void> {
  refuse(directory, heldIn(await textIn(directory)), takeOver);
}

function refuse(directory: string, held: Held | 'unreadable' | null, takeOver: boolean): void {
  if (held === null) return;
  const where = held === 'unreadable' ? 'elsewhere' : whereabouts(held);
  if (where === 'gone' || (where === 'elsewhere' && takeOver)) return;
  const who = held === 'unreadable' ? `somebody (${join(directory, NAME)} cannot be read)` : nameOf(held);
  const advice =
    where === 'alive'
      ? 'Wait for its end, or end it (Ctrl-C there), or give another --out.'
      : 'Wait for its end, or give another --out; if you know that it runs no more, add --take-over.';
  throw taken(directory, `${directory} is being written by ${who}.`, advice);
}

const taken = (directory: string, message: string, advice: string): StudioError =>
  new StudioError('run.taken', message, advice, { path: directory });

const nameOf = ({ pid, host, since }: Held): string => `process ${pid} on ${host}, since ${since}`;

const isHeld = (held: Held | 'unreadable' | null): held is Held => held !== null && held !== 'unreadable';

function textIn(directory: string): Promise<string | null> {
  const path = join(directory, NAME);
  return readFile(path, 'utf8').catch(whenMissing(path, null));
}

function heldIn(text: string | null): Held | 'unreadable' | null {
  if (text === null) return null;
  try {
    return v.parse(heldSchema, JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

/** Writes the file as a whole where none is; false where one is. */
async function created(directory: string, mine: Held): Promise<boolean> {
  const path = join(directory, NAME);
  const beside = hiddenFile(directory);
  const text = `${JSON.stringify(mine, null, 2)}\n`;
  try {
    await writeNew(beside, text);
    await link(beside, path).catch((error: unknown) => {
      if (!LINKLESS.includes(systemCode(error))) throw error;
      return writeNew(path, text);
    });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw writeError(path, error);
  } finally {
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the file if it still says what was read: another process may have taken over in between, and its file comes back. */
async function setAside(directory: string, seen: string): Promise<void> {
  const path = join(directory, NAME);
  const aside = hiddenFile(directory);
  await rename(path, aside).catch(whenMissing(path, undefined));
  const text = await readFile(aside, 'utf8').catch(whenMissing(aside, null));
  if (text !== null && text !== seen) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
