// Folders as people have them, made from the built-in street scenes: GTA5 (palette labels) and Cityscapes (label ids).
import { createWriteStream, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { encode } from 'fast-png';
import { CITYSCAPES_CLASSES } from '../../src/domain/classes.ts';
import type { SceneRole, Size, Tile } from '../../src/domain/dataset.ts';
import { renderScene } from '../../src/scenes/renderScene.ts';

const SETTINGS = { styleGap: 0.8, layoutGap: 0.35 };

const scene = (role: SceneRole, index: number, size: Size): Tile =>
  renderScene({ seed: 21, index, role, settings: { ...SETTINGS, size } });

const write = (path: string, bytes: Uint8Array): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
};

const photo = ({ width, height }: Size, data: Uint8Array): Uint8Array =>
  encode({ width, height, data, channels: 3, depth: 8 });

const labelIds = (labels: Uint8Array): Uint8Array => labels.map((trainId) => CITYSCAPES_CLASSES[trainId]?.labelId ?? 0);

/** The Cityscapes colour table by label id, as GTA5's label files carry it. */
const palette = (() => {
  const colours = Array.from({ length: 35 }, (): [number, number, number] => [0, 0, 0]);
  for (const { labelId, rgb } of CITYSCAPES_CLASSES) colours[labelId] = [...rgb];
  return colours;
})();

/**
 * `images/00001.png` and `labels/00001.png`; labels are palette PNGs whose index is the label id. Only the first
 * `distinct` pairs are rendered; the rest are further names of the same files.
 */
export function writeGta5(directory: string, count: number, size: Size, distinct = count): void {
  const path = (kind: 'images' | 'labels', index: number): string =>
    join(directory, kind, `${String(index + 1).padStart(5, '0')}.png`);
  for (let index = 0; index < Math.min(count, distinct); index++) {
    const { image, labels } = scene('game', index, size);
    write(path('images', index), photo(size, image));
    write(
      path('labels', index),
      encode({ ...size, data: labelIds(labels ?? new Uint8Array()), channels: 1, depth: 8, palette }),
    );
  }
  for (let index = distinct; index < count; index++) {
    for (const kind of ['images', 'labels'] as const) linkSync(path(kind, index % distinct), path(kind, index));
  }
}

/** `leftImg8bit/{train,val}/...` and `gtFine/{train,val}/..._gtFine_labelIds.png`. */
export function writeCityscapes(
  directory: string,
  counts: Readonly<Record<'train' | 'val', number>>,
  size: Size,
): void {
  for (const split of ['train', 'val'] as const) {
    const city = split === 'train' ? 'aachen' : 'frankfurt';
    for (let index = 0; index < counts[split]; index++) {
      const { image, labels } = scene('camera', index + (split === 'val' ? 1000 : 0), size);
      const stem = `${city}_${String(index).padStart(6, '0')}_000019`;
      write(join(directory, 'leftImg8bit', split, city, `${stem}_leftImg8bit.png`), photo(size, image));
      write(
        join(directory, 'gtFine', split, city, `${stem}_gtFine_labelIds.png`),
        encode({ ...size, data: labelIds(labels ?? new Uint8Array()), channels: 1, depth: 8 }),
      );
    }
  }
}

/**
 * Cityscapes as it is downloaded: `leftImg8bit_trainvaltest.zip` and `gtFine_trainvaltest.zip`, a tenth of the frames in
 * `val`. Only the first `distinct` frames are rendered; the rest are further names of the same pictures.
 */
export async function writeCityscapesZips(
  directory: string,
  count: number,
  size: Size,
  distinct = count,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const frames = Array.from({ length: Math.min(count, distinct) }, (_, index) => {
    const { image, labels } = scene('camera', index, size);
    const ids = encode({ ...size, data: labelIds(labels ?? new Uint8Array()), channels: 1, depth: 8 });
    return { photo: photo(size, image), ids };
  });
  for (const [zip, folder, ending] of [
    ['leftImg8bit_trainvaltest.zip', 'leftImg8bit', 'leftImg8bit.png'],
    ['gtFine_trainvaltest.zip', 'gtFine', 'gtFine_labelIds.png'],
  ] as const) {
    const file = Writable.toWeb(createWriteStream(join(directory, zip)));
    const writer = new ZipWriter(file, { useWebWorkers: false });
    for (const text of ['README', 'license.txt']) await writer.add(text, new TextReader('As it comes.'));
    for (let index = 0; index < count; index++) {
      const [split, city] = index % 10 === 9 ? ['val', 'frankfurt'] : ['train', 'aachen'];
      const stem = `${city}_${String(index).padStart(6, '0')}_000019`;
      const { photo: picture, ids } = frames[index % frames.length] ?? {};
      const bytes = folder === 'gtFine' ? ids : picture;
      await writer.add(`${folder}/${split}/${city}/${stem}_${ending}`, new Uint8ArrayReader(bytes ?? new Uint8Array()));
    }
    await writer.close();
  }
}
