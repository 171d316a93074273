// What the studio's database holds, read beside the studio: runs as they could be compared with others, and datasets by the
// checksums of their tiles.
import type { Page } from '@playwright/test';
import type { DatasetInfo } from '../../src/domain/dataset.ts';
import type { RunStatus } from '../../src/domain/run.ts';
import type { StoredTile } from '../../src/hosts/browser/schema.ts';
import { joinHistory } from '../../src/session/run/runHistory.ts';
import { crc32 } from '../../src/session/storage/crc32.ts';
import { unpackPiece } from '../../src/session/storage/runs/pieceBytes.ts';
import { parseRow } from '../../src/session/storage/runs/runRow.ts';

/** A run at its last save. */
export interface StoredRun {
  readonly runId: string;
  readonly status: RunStatus;
  /** Of the checkpoint that counts; 0 without one. */
  readonly step: number;
  /** Equal for runs that did the same: step, checkpoint, every measured number of training, every evaluation. */
  readonly sum: string;
  /** Every update's numbers are there once, in order, up to the step; the checkpoint is what its checksum says. */
  readonly isWhole: boolean;
}

/** Of all runs, the newest first. */
export async function storedRuns(page: Page): Promise<readonly StoredRun[]> {
  const runs = await page.evaluate(readRuns);
  return runs.map(storedRun).sort((a, b) => b.order - a.order);
}

function storedRun({ row: value, pieces, checkpoint, key }: Awaited<ReturnType<typeof readRuns>>[number]) {
  const row = parseRow(value);
  if (row === null) return { runId: key, status: 'failed' as const, step: 0, sum: '', isWhole: false, order: 0 };
  const { summary } = row;
  const slot = row.current === null ? null : row.slots[row.current];
  const stand = { runId: summary.runId, status: summary.status, order: summary.order ?? 0 };
  if (slot === null) return { ...stand, step: 0, sum: '', isWhole: true };
  const named = pieces.slice(0, slot.pieces).flatMap((text) => unpackPiece(bytesOf(text)) ?? []);
  const { metrics, evaluations } = joinHistory(named);
  const trained = Object.entries(metrics).filter(([name]) => name.startsWith('train/'));
  const stored = bytesOf(checkpoint[row.current ?? 'a'] ?? '');
  const isWhole =
    named.length === slot.pieces &&
    crc32(stored) === slot.crc32 &&
    isRising(evaluations.map(({ step }) => step)) &&
    trained.every(([, { steps }]) => isRising([...steps])) &&
    new Set(trained.flatMap(([, { steps }]) => [...steps])).size === slot.summary.step;
  const sum = JSON.stringify([
    slot.summary.step,
    crc32(tensorsOf(stored)),
    trained.map(([name, { steps, values }]) => [name, steps.length, sumOf(values)]).sort(),
    evaluations.map(({ step, confusion }) => [step, sumOf(confusion)]),
  ]);
  return { ...stand, step: slot.summary.step, sum, isWhole };
}

const isRising = (steps: readonly number[]): boolean => steps.every((step, i) => step > (steps[i - 1] ?? 0));

/** A safetensors file without its header, which names the kernels that were used, self-tests included. */
const tensorsOf = (file: Uint8Array): Uint8Array =>
  file.subarray(file.length < 8 ? 0 : 8 + new DataView(file.buffer, file.byteOffset).getUint32(0, true));

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const sumOf = (numbers: Float64Array): number => crc32(new Uint8Array(Float64Array.from(numbers).buffer));

/** A dataset as it could be compared with another import of the same files. */
export interface StoredDataset {
  readonly id: string;
  readonly state: string;
  readonly tiles: number;
  /** Names and bytes of all tiles, in their order. */
  readonly sum: string;
  /** There are as many tiles as it says, each name once. */
  readonly isWhole: boolean;
}

/** Of all datasets, the newest first. */
export async function storedDatasets(page: Page): Promise<readonly StoredDataset[]> {
  const read = await page.evaluate(readDatasets);
  return read
    .map(({ info, tiles }) => {
      const told = info.splits.train.tiles + info.splits.val.tiles;
      const isWhole = tiles.length === told && new Set(tiles.map(({ name }) => name)).size === told;
      const sum = tiles.map(({ name, hash }) => `${name} ${hash}`).join();
      return { id: info.id, state: info.state, tiles: told, sum, isWhole };
    })
    .sort((a, b) => b.id.localeCompare(a.id));
}

// The two below run in the page, and can use nothing of this file. No database yet: nothing is stored.

async function readRuns() {
  const database = await new Promise<IDBDatabase | null>((resolve, reject) => {
    const opening = indexedDB.open('udas-studio');
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => (opening.error?.name === 'AbortError' ? resolve(null) : reject(opening.error));
  });
  if (database === null) return [];
  const text = (buffers: readonly ArrayBuffer[]): string => {
    let joined = '';
    for (const buffer of buffers) for (const byte of new Uint8Array(buffer)) joined += String.fromCharCode(byte);
    return btoa(joined);
  };
  const transaction = database.transaction(['runs', 'history', 'checkpoints']);
  const all = <T>(store: string, query?: IDBKeyRange): Promise<T[]> =>
    new Promise((resolve, reject) => {
      const request = transaction.objectStore(store).getAll(query);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  try {
    const rows = await all<{ summary: { runId: string } }>('runs');
    return await Promise.all(
      rows.map(async (row) => {
        const key = row.summary.runId;
        const slot = async (name: string): Promise<string> =>
          text(await all('checkpoints', IDBKeyRange.bound([key, name], [key, name, []])));
        const pieces = await all<ArrayBuffer>('history', IDBKeyRange.bound([key], [key, []]));
        const [a, b] = await Promise.all([slot('a'), slot('b')]);
        return { key, row: row as unknown, pieces: pieces.map((piece) => text([piece])), checkpoint: { a, b } };
      }),
    );
  } finally {
    database.close();
  }
}

async function readDatasets() {
  const database = await new Promise<IDBDatabase | null>((resolve, reject) => {
    const opening = indexedDB.open('udas-studio');
    opening.onupgradeneeded = () => opening.transaction?.abort();
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => (opening.error?.name === 'AbortError' ? resolve(null) : reject(opening.error));
  });
  if (database === null) return [];
  const hashOf = (...parts: readonly (ArrayBuffer | null)[]): number => {
    let hash = 7;
    for (const part of parts)
      for (const byte of new Uint8Array(part ?? new ArrayBuffer(0))) hash = (Math.imul(hash, 31) + byte) | 0;
    return hash;
  };
  const transaction = database.transaction(['datasets', 'tiles']);
  const all = <T>(store: string, query?: IDBKeyRange): Promise<T[]> =>
    new Promise((resolve, reject) => {
      const request = transaction.objectStore(store).getAll(query);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  try {
    const infos = await all<DatasetInfo>('datasets');
    return await Promise.all(
      infos.map(async (info) => {
        const records = await all<readonly StoredTile[]>('tiles', IDBKeyRange.bound([info.id], [info.id, []]));
        const tiles = records.flat().map(({ name, image, labels }) => ({ name, hash: hashOf(image, labels) }));
        return { info, tiles };
      }),
    );
  } finally {
    database.close();
  }
}
