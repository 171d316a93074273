// The built-in pair as a source of tiles: splits, seeds, the cache's bound, class counts that cost nothing until asked for.
import { expect, test } from 'vitest';
import { DEFAULT_SCENES, SPLITS } from '../domain/dataset.ts';
import { renderScene } from './renderScene.ts';
import { createSceneSource, SCENE_SPLITS, SCENE_TEST_SPLIT } from './sceneSource.ts';

const small = { ...DEFAULT_SCENES, size: { width: 32, height: 16 } };

test('no two splits share a seed', () => {
  const seeds = Object.values(SCENE_SPLITS).flatMap((splits) => SPLITS.map((split) => splits[split].seed));
  expect(new Set([...seeds, SCENE_TEST_SPLIT.seed]).size).toBe(seeds.length + 1);
});

test('tells what it holds', () => {
  const { info } = createSceneSource('camera', small);
  expect(info).toMatchObject({ id: 'scenes/camera', origin: 'scenes', size: small.size, state: 'ready' });
  expect(info.splits).toEqual({ train: { tiles: 400, labelled: 400 }, val: { tiles: 128, labelled: 128 } });
});

test('reads tiles in the order asked, rendered from the split’s seed', async () => {
  const source = createSceneSource('camera', small);
  const [a, b] = await source.read('val', [5, 2]);
  expect(a).toEqual(renderScene({ seed: 9, index: 5, role: 'camera', settings: small }));
  expect(b?.name).toBe('camera-9-0002');
  const [train] = await createSceneSource('game', small).read('train', [0]);
  expect(train).toEqual(renderScene({ seed: 7, index: 0, role: 'game', settings: small }));
});

test('keeps the latest tiles within its bytes', async () => {
  const tileBytes = 32 * 16 * 4;
  const source = createSceneSource('game', small, 2 * tileBytes);
  const [first] = await source.read('train', [0]);
  await source.read('train', [1]);
  expect((await source.read('train', [0]))[0]).toBe(first);
  // 1 is now the oldest and leaves for 2; 0 stays.
  const [second] = await source.read('train', [2]);
  expect((await source.read('train', [0, 2])).map((tile) => tile)).toEqual([first, second]);
  expect((await source.read('train', [0]))[0]).toBe(first);
  await source.read('train', [3, 4]);
  const [again] = await source.read('train', [0]);
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
});

test('counts class pixels of the whole split, and survives a copy across threads', () => {
  const { info } = createSceneSource('game', small);
  const copy = structuredClone(info);
  expect(copy.classPixels).toEqual(info.classPixels);
  expect(info.classPixels).toHaveLength(20);
  expect(info.classPixels[19]).toBe(0);
  const total = info.classPixels.reduce((sum, count) => sum + count, 0);
  expect(Math.abs(total / (480 * 32 * 16) - 1)).toBeLessThan(0.001);
  expect(Math.min(...info.classPixels.slice(0, 19))).toBeGreaterThan(0);
});

test('refuses what it does not have', async () => {
  await expect(createSceneSource('game', small).read('train', [480])).rejects.toMatchObject({ code: 'data.not-found' });
  await expect(createSceneSource('game', small).read('val', [-1])).rejects.toMatchObject({ code: 'data.not-found' });
});

test.each([
  { ...small, styleGap: 1.5 },
  { ...small, layoutGap: Number.NaN },
  { ...small, size: { width: 12.5, height: 16 } },
  { ...small, size: { width: 128, height: 0 } },
])('refuses settings that cannot be drawn', (settings) => {
  expect(() => createSceneSource('camera', settings)).toThrowError(expect.objectContaining({ code: 'config.invalid' }));
});
