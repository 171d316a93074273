// The connection to IndexedDB and everything that befalls it: other tabs, browsers that drop it, disks that fill up.
// `idb` gives promises and hooks; reconnecting, one retry and closed error codes are added here. Stores hold the rules.
import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { openDB } from 'idb';
import { StudioError } from '../../domain/errors.ts';
import { quotaExceeded, storageUnavailable } from '../../session/storage/storageErrors.ts';
import type { StudioSchema } from './schema.ts';
import { migrate, SCHEMA_VERSION } from './schema.ts';

export type Connection = IDBPDatabase<StudioSchema>;
type Stores = StoreNames<StudioSchema>;
type WriteTransaction<Names extends Stores[]> = IDBPTransaction<StudioSchema, Names, 'readwrite'>;

export interface DatabaseOptions {
  readonly name?: string;
  /** Told when another tab takes the storage over: this page should be reloaded. */
  readonly onSuperseded?: (error: StudioError) => void;
  /** How long opening may take before it counts as blocked. */
  readonly openTimeoutMs?: number;
}

/** Connects at first use, so that a host without storage still starts and can say why. */
export function openDatabase(options: DatabaseOptions = {}): StudioDatabase {
  return new StudioDatabase(options);
}

export class StudioDatabase {
  private readonly options: DatabaseOptions;
  private opening: Opening | null = null;

  constructor(options: DatabaseOptions) {
    this.options = options;
  }

  /**
   * Runs `work` on a connection. If the browser lost the connection, or cannot open its files just now, reconnects and runs it
   * again, three times in all: work is one transaction, so a lost attempt left nothing behind. Nothing is ever deleted to get
   * out of trouble. Throws `storage.*`.
   */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let opening: Opening | null = null;
      try {
        opening = this.connect();
        return await work(await settled(opening, this.options.openTimeoutMs ?? 5000));
      } catch (error) {
        if (attempt === ATTEMPTS || opening === null || !isLoss(error, opening)) throw storageError(error);
        this.abandon(opening);
        await new Promise<void>((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
      }
    }
  }

  /**
   * One whole write: everything `work` puts is there afterwards, on the disk and not only on its way there, or nothing is. `work`
   * awaits only requests.
   */
  async write<T, const Names extends Stores[]>(
    stores: Names,
    work: (transaction: WriteTransaction<Names>) => Promise<T>,
  ): Promise<T> {
    return this.use(async (connection) => {
      const transaction = connection.transaction(stores, 'readwrite', { durability: 'strict' });
      // The first failure is reported through `work` or the await below; this keeps it from also counting as unhandled.
      transaction.done.catch(() => {});
      try {
        const result = await work(transaction);
        await transaction.done;
        return result;
      } catch (error) {
        abort(transaction);
        await transaction.done.catch(() => {});
        throw error;
      }
    });
  }

  /** Lets other tabs upgrade or delete; the next use connects again. */
  close(): void {
    if (this.opening !== null) this.abandon(this.opening);
  }

  private connect(): Opening {
    if (this.opening !== null) return this.opening;
    if (typeof indexedDB === 'undefined') throw storageUnavailable('this browser offers no IndexedDB here.');
    let refuse: (error: StudioError) => void = () => {};
    const refusal = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    refusal.catch(() => {});
    const connection = openDB<StudioSchema>(this.options.name ?? 'udas-studio', SCHEMA_VERSION, {
      upgrade: (database, oldVersion) => migrate(database, oldVersion),
      blocked: (version) => refuse(blocked(`another tab holds version ${version} of it open`)),
      blocking: (_, version) => {
        this.abandon(opening);
        // Version null: the data is being deleted, and the next use starts afresh.
        if (version !== null) this.options.onSuperseded?.(newerSchema());
      },
      terminated: () => this.abandon(opening),
    });
    const opening: Opening = { connection, refusal, lost: false };
    this.opening = opening;
    connection.catch(() => {
      if (this.opening === opening) this.opening = null;
    });
    return opening;
  }

  private abandon(opening: Opening): void {
    if (this.opening === opening) this.opening = null;
    opening.lost = true;
    opening.connection.then(
      (connection) => connection.close(),
      () => {},
    );
  }
}

const ATTEMPTS = 3;
/** After the first attempt; twice as long after the second. */
const PAUSE_MS = 100;

interface Opening {
  readonly connection: Promise<Connection>;
  /** Rejects once another tab stands in the way; the opening itself may still come true later and is then used. */
  readonly refusal: Promise<never>;
  lost: boolean;
}

async function settled(opening: Opening, timeoutMs: number): Promise<Connection> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(blocked(`opening it took more than ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([opening.connection, opening.refusal, late]);
  } finally {
    clearTimeout(timer);
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already, which is all that was wanted.
  }
}

const hasName = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && !(error instanceof StudioError) && names.includes(error.name);

/** Whether the connection went away under the work (WebKit says UnknownError), which reconnecting may cure. */
const isLoss = (error: unknown, opening: Opening): boolean =>
  !(error instanceof StudioError) && (opening.lost || hasName(error, 'InvalidStateError', 'UnknownError'));

/** Gives what IndexedDB throws its closed code; anything else passes as it is. */
function storageError(error: unknown): unknown {
  if (hasName(error, 'QuotaExceededError')) return quotaExceeded(null, error);
  if (hasName(error, 'VersionError')) return newerSchema(error);
  if (hasName(error, 'InvalidStateError', 'UnknownError', 'AbortError', 'SecurityError', 'NotAllowedError')) {
    return storageUnavailable(`the browser refused it (${error instanceof Error ? error.name : 'unknown'}).`, error);
  }
  return error;
}

function blocked(reason: string): StudioError {
  return new StudioError(
    'storage.blocked',
    `The studio's storage does not open: ${reason}.`,
    'Close the other tabs of the studio, then reload this one.',
    { reason },
  );
}

function newerSchema(cause?: unknown): StudioError {
  return new StudioError(
    'storage.newer-schema',
    `The stored data belongs to a newer studio than this page (which knows schema ${SCHEMA_VERSION}).`,
    'Reload the page to get the newer studio.',
    { schemaVersion: SCHEMA_VERSION },
    cause,
  );
}
