// Decodes and tiles as an import does (same files, decoder, options and look-ahead), and drops every tile.
// Built by `measureImport.mjs` only; no part of the studio.

import type { DroppedFile } from '../../src/bridge/protocol.ts';
import { tilesOf } from '../../src/data/importing/importPairs.ts';
import { inspectFiles } from '../../src/data/importing/inspect.ts';
import type { ImportPlan } from '../../src/data/importing/plan.ts';
import type { ImportOptions } from '../../src/domain/importing.ts';
import { browserFiles } from '../../src/hosts/browser/browserFiles.ts';
import { browserPhotoDecoder } from '../../src/hosts/browser/decodePhoto.ts';

/** First the files to look at, then the word to decode them. */
export type DecodeTask =
  | { readonly files: readonly DroppedFile[]; readonly door: MessagePort }
  | { readonly options: ImportOptions };
export interface DecodeAnswer {
  readonly state: 'ready' | 'done';
  readonly pairs: number;
  readonly tiles: number;
  readonly elapsedMs: number;
}

let plan: ImportPlan | null = null;

async function answer(task: DecodeTask): Promise<DecodeAnswer> {
  if ('files' in task) {
    plan = (await inspectFiles((await browserFiles(task.files, task.door)).files, browserPhotoDecoder)).plan;
    return { state: 'ready', pairs: plan.pairs.length, tiles: 0, elapsedMs: 0 };
  }
  if (plan === null) throw new Error('Nothing was chosen to decode.');
  const startMs = performance.now();
  let tiles = 0;
  for await (const pair of tilesOf(plan, task.options, browserPhotoDecoder)) tiles += pair.tiles.length;
  return { state: 'done', pairs: plan.pairs.length, tiles, elapsedMs: performance.now() - startMs };
}

self.addEventListener('message', ({ data }: MessageEvent<DecodeTask>) => {
  void answer(data).then((done) => self.postMessage(done));
});
