// What tests of imports share: a folder to import, a watcher that remembers what it was told, and a look at the result.
import { expect } from 'vitest';
import type { PhotoDecoder, SourceFile, TileStore } from '../data/ports.ts';
import type { DatasetInfo, Split } from '../domain/dataset.ts';
import type { ImportIssue, ImportOptions, ImportProgress } from '../domain/importing.ts';
import { Importer } from '../session/importing/importer.ts';
import type { ImportSession } from '../session/importing/importSession.ts';
import { fileOf, greyPng } from './imageFiles.ts';

export const SIZE = { width: 8, height: 4 };
export const OPTIONS: ImportOptions = { name: 'Street', size: SIZE, mode: 'resize', holdOut: 0.2 };
/** Two full batches and a rest. */
export const PAIRS = 150;
export const TILE_BYTES = 8 * 4 * 4;

/** A plain dataset in which every 17th label is cut off. */
function plainFiles(): SourceFile[] {
  return Array.from({ length: PAIRS }, (_, n) => {
    const name = `${String(n).padStart(4, '0')}.png`;
    const label = greyPng(
      SIZE.width,
      SIZE.height,
      Uint8Array.from({ length: 32 }, (_, i) => (i + n) % 19),
    );
    const isBroken = n % 17 === 3;
    return [
      fileOf(`street/images/${name}`, Uint8Array.of(n)),
      fileOf(`street/labels/${name}`, isBroken ? label.slice(0, 50) : label),
    ];
  }).flat();
}
export const FILES = plainFiles();

/** Stands in for a decoder: a picture from the file's one byte. */
export const decodePhoto: PhotoDecoder['decode'] = async (file) => {
  const [seed = 0] = await file.bytes();
  return { ...SIZE, data: Uint8Array.from({ length: 96 }, (_, i) => i * 5 + seed) };
};

export class Watcher {
  readonly progress: ImportProgress[] = [];
  readonly issues: ImportIssue[] = [];
  readonly failures: unknown[] = [];
  readonly infos: (DatasetInfo | null)[] = [];
  onProgress: (progress: ImportProgress) => void = () => {};
  nowMs = 0;

  importer(tileStore: TileStore, decode = decodePhoto, findings: readonly ImportIssue[] = [], files = FILES): Importer {
    return new Importer({
      tileStore,
      decoder: { decode },
      openFiles: async () => ({ files, findings }),
      clock: { nowMs: () => (this.nowMs += 5), wallClockMs: () => 1_700_000_000_000 },
      observe: () => ({
        progress: (progress) => {
          this.progress.push(progress);
          this.onProgress(progress);
        },
        issues: (issues) => this.issues.push(...issues),
        dataset: (info) => this.infos.push(info),
        failure: (error) => this.failures.push(error),
      }),
    });
  }
}

export async function begin(importer: Importer, options = OPTIONS): Promise<ImportSession> {
  const { reportId } = await importer.inspect([]);
  return importer.session(await importer.start(reportId, options))!;
}

/** Everything that an import leaves behind, but for its id. */
export async function contents(store: TileStore): Promise<unknown> {
  const [info, ...others] = await store.listDatasets();
  expect(others).toEqual([]);
  const { id, createdAtMs, ...described } = info!;
  const tiles: Record<Split, unknown> = { train: null, val: null };
  for (const split of ['train', 'val'] as const) {
    const all = await store.read(id, split, [...Array(info!.splits[split].tiles).keys()]);
    tiles[split] = all.map(({ name, image, labels }) => [name, image.join(), labels?.join() ?? null]);
  }
  return { described, tiles };
}
