// Whether the browser will keep what is stored here. It is asked once something worth keeping comes to be; without its word it
// may clear everything when space runs low, and then the page says so instead of looking new.
import { StudioError, serialiseError } from '../../domain/errors.ts';
import { reportFailure } from './engine.ts';
import { remember, remembered } from './remembered.ts';
import type { Studio } from './studio.ts';

/** `kept`: until the person deletes it. `best-effort`: the browser may clear it. `unknown`: it does not say. */
export type Permanence = 'kept' | 'best-effort' | 'unknown';

/** The browser's storage, as far as it has any of this. */
type Storage = Partial<Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>>;

const storageOfPage = (): Storage => (navigator as { storage?: Storage }).storage ?? {};

let asked: Promise<Permanence> | null = null;

/** Asks the browser to keep what is stored, at most once a visit. */
export function askToKeep(storage: Storage = storageOfPage()): Promise<Permanence> {
  asked ??= answerOf(() => storage.persist?.());
  return asked;
}

export interface StorageNews {
  readonly permanence: Permanence;
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}

/** How things stand, without asking for more. */
export async function storageNews(storage: Storage = storageOfPage()): Promise<StorageNews> {
  const permanence = await answerOf(() => storage.persisted?.());
  const estimate = await Promise.resolve(storage.estimate?.()).catch(() => undefined);
  return { permanence, usedBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null };
}

async function answerOf(ask: () => Promise<boolean> | undefined): Promise<Permanence> {
  const answer = await Promise.resolve(ask()).catch(() => undefined);
  return answer === undefined ? 'unknown' : answer ? 'kept' : 'best-effort';
}

const MARK = 'udas-studio.stored';

/** Keeps in mind, apart from the database, that something is stored; says so where it was and everything is gone. */
export function watchForEviction({ runs, datasets, engine }: Studio): void {
  const count = (): number => runs.getState().list.length + datasets.getState().imported.length;
  if (count() === 0 && remembered(MARK) === 'yes') {
    const advice = 'Allow permanent storage for this site, and keep what matters as files.';
    const error = new StudioError('storage.evicted', 'Runs and datasets that were stored here are gone.', advice);
    reportFailure(engine, serialiseError(error));
  }
  const mark = (): void => remember(MARK, count() > 0 ? 'yes' : 'no');
  mark();
  runs.subscribe(mark);
  datasets.subscribe(mark);
}
