// Disks that are full at one write after another: the save before stands, the reason is told, and with room again the next save
// holds everything.
import 'fake-indexeddb/auto';
import { isDeepStrictEqual } from 'node:util';
import { IDBFactory } from 'fake-indexeddb';
import { StudioError } from '../../../src/domain/errors.ts';
import { RandomStream } from '../../../src/domain/rng.ts';
import { IdbRunStore } from '../../../src/hosts/browser/idbRunStore.ts';
import { openDatabase } from '../../../src/hosts/browser/openDatabase.ts';
import { checkpointOf, evaluationAt, metricsOf, RUN, runSummary } from '../../../src/testing/runStoreData.ts';
import type { Campaign } from '../campaign.ts';

/** Puts of a save: checkpoint, piece of history, row; of an output: bytes, row. */
const PUTS = { save: 3, output: 2 } as const;

export const fullDisk: Campaign = {
  name: 'disk full at any write',
  tries: 100,
  async *run(seed, tries) {
    const random = new RandomStream(seed, 'disk');
    for (let i = 0; i < tries; i++) {
      globalThis.indexedDB = new IDBFactory();
      const store = new IdbRunStore(openDatabase());
      const first = 1 + random.integer(50);
      const next = first + 1 + random.integer(50);
      await store.save(runSummary(first), checkpointOf(first), metricsOf(0, first), [evaluationAt(first)]);
      const kind = random.uniform() < 0.7 ? 'save' : 'output';
      const at = 1 + random.integer(PUTS[kind]);
      const write = () =>
        kind === 'save'
          ? store.save(runSummary(next), checkpointOf(next), metricsOf(first, next), [evaluationAt(next)])
          : store.saveOutput(RUN, 'st', checkpointOf(next));
      const error = await whileFullAt(at, write);
      const kept = await store.load(RUN);
      await write();
      const again = await store.load(RUN);
      const output = await store.loadOutput(RUN, 'st');
      const isWhole = (step: number, { checkpoint, metrics }: typeof kept): boolean =>
        isDeepStrictEqual(checkpoint, checkpointOf(step)) && metrics['sys/step_ms']?.steps.length === step;
      const isDone = kind === 'save' ? isWhole(next, again) : isDeepStrictEqual(output, checkpointOf(next));
      yield {
        what: `${kind}, write ${at}`,
        isLost: !isWhole(first, kept),
        isTold: error instanceof StudioError && error.code === 'storage.quota',
        isRecovered: isDone,
        found: `${error}; kept step ${kept.summary.step}, then ${again.summary.step}`,
      };
    }
  },
};

/** The n-th put fails as on a full disk: its request fails later and takes the transaction along. */
async function whileFullAt(n: number, write: () => Promise<void>): Promise<unknown> {
  const { put } = IDBObjectStore.prototype;
  let calls = 0;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
    const request = put.apply(this, args);
    if (++calls !== n) return request;
    // A doubled key, renamed.
    const refused = this.add(...args);
    Object.defineProperty(refused, 'error', {
      get: () => new DOMException('No space left.', 'QuotaExceededError'),
      set: () => undefined,
      configurable: true,
    });
    return refused;
  };
  try {
    await write();
    return null;
  } catch (error) {
    return error;
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}
