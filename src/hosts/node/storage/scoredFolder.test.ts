// What a network is scored on: each labelled picture once, at the network's size beside its labels at theirs; others only without.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { openScoredFolder, type ScoredFolder } from './scoredFolder.ts';

const SIZE = { width: 16, height: 8 };
const USE = { choices: {}, prefix: 'target-' };
let path: string;
let folder: ScoredFolder;
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  path = mkdtempSync(join(tmpdir(), 'scored-'));
  for (const part of ['images', 'labels']) mkdirSync(join(path, part));
  for (let i = 0; i < 11; i++) {
    writeFileSync(join(path, 'images', `${i}.png`), photoPng(32, 16, i));
    if (i < 9) writeFileSync(join(path, 'labels', `${i}_labelTrainIds.png`), greyPng(64, 32, 7));
  }
  writeFileSync(join(path, 'labels', '8_labelTrainIds.png'), 'no picture');
  folder = await openScoredFolder(path, SIZE, USE);
});
afterAll(() => {
  rmSync(path, { recursive: true });
  vi.restoreAllMocks();
});

test('pictures come at the network’s size, labels at their own', async () => {
  let count = 0;
  for await (const { image, truth } of folder.pictures()) {
    expect(image).toHaveLength(16 * 8 * 3);
    expect(truth).toMatchObject({ width: 64, height: 32 });
    expect([...new Set(truth.labels)]).toEqual([7]);
    count++;
  }
  expect(count).toBe(8);
  expect(folder.findings().join('\n')).toMatch(/data\.unreadable-file: 1|data\.unsupported-format: 1/);
});

test('in batches labels have the size of pictures', async () => {
  for await (const { size, count, labels } of folder.batches()) {
    expect({ size, count }).toEqual({ size: SIZE, count: 8 });
    expect(labels).toHaveLength(8 * 16 * 8);
  }
});

test('batches without labels go round the pictures, each as often as any other', async () => {
  const seen: number[] = [];
  for await (const { count, labels } of folder.unlabelled(5)) {
    expect(labels).toBeNull();
    seen.push(count);
  }
  expect(seen).toEqual([8, 2, 8, 2, 8]);
});

test('a folder none of whose pairs can be used is refused', async () => {
  rmSync(join(path, 'images'), { recursive: true });
  await expect(folder.pictures().next()).rejects.toMatchObject({ code: 'data.empty-dataset' });
});
