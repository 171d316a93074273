// The built-in pair as datasets: which seeds make which split, tiles rendered when asked for, the latest ones kept.

import type { TileSource } from '../data/ports.ts';
import { CITYSCAPES_CLASSES } from '../domain/classes.ts';
import { addClassPixels, noClassPixels } from '../domain/classPixels.ts';
import type { DatasetId, DatasetInfo, SceneRole, SceneSettings, Split, Tile } from '../domain/dataset.ts';
import { StudioError } from '../domain/errors.ts';
import { renderScene, renderSceneLabels } from './renderScene.ts';

interface SceneSplit {
  readonly seed: number;
  readonly tiles: number;
}

/** Scenes of a split have the indices 0 to tiles - 1 of its seed; no two splits share a seed. */
export const SCENE_SPLITS: Readonly<Record<SceneRole, Readonly<Record<Split, SceneSplit>>>> = {
  game: { train: { seed: 7, tiles: 480 }, val: { seed: 11, tiles: 64 } },
  camera: { train: { seed: 8, tiles: 400 }, val: { seed: 9, tiles: 128 } },
};

/** Target scenes that no choice may depend on: evaluated once, at the end. */
export const SCENE_TEST_SPLIT: SceneSplit = { seed: 10, tiles: 200 };

const CACHE_BYTES = 128 * 1024 * 1024;
const CLASS_SAMPLE = 48;
/** Class shares hardly depend on the picture's size, so they are measured on small ones. */
const SAMPLE_HEIGHT = 64;

/**
 * One side of the built-in pair. Creating it costs nothing; tiles are rendered by `read`, and `info.classPixels` is
 * measured the first time it is looked at. At most `cacheBytes` of rendered tiles are kept. Throws `config.invalid` for a size or a gap that cannot be rendered.
 */
export function createSceneSource(role: SceneRole, settings: SceneSettings, cacheBytes = CACHE_BYTES): TileSource {
  return sceneSource(role, SCENE_SPLITS[role], settings, cacheBytes);
}

/** The target side with the test scenes as its validation split. */
export function createSceneTestSource(settings: SceneSettings): TileSource {
  return sceneSource('camera', { ...SCENE_SPLITS.camera, val: SCENE_TEST_SPLIT }, settings, CACHE_BYTES);
}

function sceneSource(
  role: SceneRole,
  splits: Readonly<Record<Split, SceneSplit>>,
  settings: SceneSettings,
  cacheBytes: number,
): TileSource {
  checkSettings(settings);
  const cache = new TileCache(cacheBytes);
  let classPixels: readonly number[] | null = null;
  const info: DatasetInfo = {
    id: `scenes/${role}` as DatasetId,
    name: role === 'game' ? 'Street scenes (game)' : 'Street scenes (camera)',
    origin: 'scenes',
    layout: null,
    size: settings.size,
    splits: {
      train: { tiles: splits.train.tiles, labelled: splits.train.tiles },
      val: { tiles: splits.val.tiles, labelled: splits.val.tiles },
    },
    get classPixels() {
      classPixels ??= measureClassPixels(role, settings);
      return classPixels;
    },
    sizeBytes: 0,
    state: 'ready',
    createdAtMs: 0,
  };
  const tile = (split: Split, index: number): Tile => {
    const { seed, tiles } = splits[split];
    if (!(Number.isInteger(index) && index >= 0 && index < tiles)) throw noTile(role, split, index, tiles);
    return cache.get(`${split}/${index}`, () => renderScene({ seed, index, role, settings }));
  };
  return { info, read: async (split, indices) => indices.map((index) => tile(split, index)) };
}

/**
 * Labelled pixels per class of the training split, estimated from 48 scenes at an even stride, rendered small and
 * without colours, and scaled up; 20 entries, the last (ignored) 0. Good to a few percent for what the loss weights need.
 */
export function measureClassPixels(role: SceneRole, settings: SceneSettings): readonly number[] {
  const { seed, tiles } = SCENE_SPLITS[role].train;
  const { width, height } = settings.size;
  const sampleHeight = Math.min(height, SAMPLE_HEIGHT);
  const size = { width: Math.max(1, Math.round((width * sampleHeight) / height)), height: sampleHeight };
  const counts = noClassPixels(CITYSCAPES_CLASSES);
  for (let i = 0; i < CLASS_SAMPLE; i++) {
    const index = Math.floor((i * tiles) / CLASS_SAMPLE);
    addClassPixels(counts, renderSceneLabels({ seed, index, role, settings: { ...settings, size } }));
  }
  const scale = (tiles * width * height) / (CLASS_SAMPLE * size.width * size.height);
  return Array.from(counts, (count, slot) => (slot < CITYSCAPES_CLASSES.length ? Math.round(count * scale) : 0));
}

function checkSettings({ size, styleGap, layoutGap }: SceneSettings): void {
  const { width, height } = size;
  for (const [name, value] of Object.entries({ width, height })) {
    if (!(Number.isInteger(value) && value >= 8 && value <= 4096)) {
      throw new StudioError(
        'config.invalid',
        `Street scenes cannot have the ${name} ${value}.`,
        'Choose whole numbers from 8 to 4096, such as 128 x 64.',
        { [name]: value },
      );
    }
  }
  for (const [name, value] of Object.entries({ styleGap, layoutGap })) {
    if (!(value >= 0 && value <= 1)) {
      throw new StudioError('config.invalid', `${name} = ${value} is not a gap.`, 'Gaps go from 0 to 1.', {
        [name]: value,
      });
    }
  }
}

function noTile(role: SceneRole, split: Split, index: number, tiles: number): StudioError {
  return new StudioError(
    'data.not-found',
    `There is no scene ${index} in scenes/${role}, ${split}; it has ${tiles}.`,
    `Ask for scenes 0 to ${tiles - 1}.`,
    { role, split, index, tiles },
  );
}

/** Least recently used tiles leave first. */
class TileCache {
  private readonly limitBytes: number;
  private readonly tiles = new Map<string, Tile>();
  private bytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get(key: string, make: () => Tile): Tile {
    const kept = this.tiles.get(key);
    const tile = kept ?? make();
    if (kept === undefined) this.bytes += bytesOf(tile);
    else this.tiles.delete(key);
    this.tiles.set(key, tile);
    for (const [oldest, leaving] of this.tiles) {
      if (this.bytes <= this.limitBytes || oldest === key) break;
      this.tiles.delete(oldest);
      this.bytes -= bytesOf(leaving);
    }
    return tile;
  }
}

function bytesOf({ image, labels }: Tile): number {
  return image.length + (labels?.length ?? 0);
}
