// As many files as BDD100K has, below one folder: a drop of them is listed, paired and looked at in seconds, and findings
// about all of them are no more of a burden.
import { expect, it } from 'vitest';
import { blobBytes, spoolInBrowser } from '../../hosts/browser/blobBytes.ts';
import { greyPng, photoPng } from '../../testing/imageFiles.ts';
import { decodePngPhoto } from '../decode/decodePng.ts';
import { Drop } from './archives/drop.ts';
import { inspectFiles } from './inspect.ts';

const PAIRS = 65_000;

it('130,000 files', async () => {
  const [photo, label] = [photoPng(4, 4), greyPng(4, 4, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])];
  const [photoBytes, labelBytes] = [photo, label].map((bytes) => blobBytes(new Blob([new Uint8Array(bytes)])));
  const empty = blobBytes(new Blob([]));
  const drop = new Drop(spoolInBrowser);
  const gone = new Error('gone');
  for (let i = 0; i < PAIRS; i++) {
    drop.add(`bdd/images/${i}.png`, photoBytes!);
    // Every second label is empty, so that there are findings by the ten thousand.
    drop.add(`bdd/labels/${i}.png`, i % 2 === 0 ? labelBytes! : empty);
    drop.report(`bdd/lost/${i}`, gone);
  }
  const startMs = performance.now();
  const { files, findings } = await drop.list();
  const decoder = { decode: async (file: (typeof files)[0]) => decodePngPhoto(await file.bytes(), file.path) };
  const { report } = await inspectFiles(files, decoder, { findings });
  // Some seconds, on a busy machine too.
  expect(performance.now() - startMs).toBeLessThan(30_000);
  expect(files).toHaveLength(2 * PAIRS);
  expect(report.splits.train.pairs).toBe(PAIRS / 2);
  expect(report.issueCounts['data.unreadable-file']).toBeGreaterThanOrEqual(1.5 * PAIRS);
  expect(report.issues.length).toBeLessThanOrEqual(500);
});
