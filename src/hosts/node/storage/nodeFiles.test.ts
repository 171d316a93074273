// Node's files and photos: folders and zips on disk give what a drop in the browser would.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import jpeg from 'jpeg-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFiles } from '../../../data/importing/inspect.ts';
import { DEFAULT_LIMITS } from '../../../data/importing/limits.ts';
import { fileOf, greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { createPhotoDecoder, nodePhotoDecoder } from '../decodePhoto.ts';
import { filesAt } from './nodeFiles.ts';

configure({ useWebWorkers: false });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeZip(path: string, entries: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, bytes] of Object.entries(entries)) await writer.add(name, new Uint8ArrayReader(bytes));
  await writeFile(path, await writer.close());
}

describe('filesAt', () => {
  it('walks a folder, with archives as folders and paths that begin with its name', async () => {
    await mkdir(join(folder, 'labels'));
    await writeFile(join(folder, 'labels', '1.png'), greyPng(8, 8, 4));
    await writeZip(join(folder, 'photos.zip'), { 'images/1.png': photoPng(8, 8) });
    await symlink(folder, join(folder, 'circle'));
    const files = await filesAt(folder);
    const root = basename(folder);
    expect(files.map(({ path }) => path)).toEqual([`${root}/labels/1.png`, `${root}/photos/images/1.png`]);
    expect(await files[1]?.bytes()).toEqual(photoPng(8, 8));
    const { report } = await inspectFiles(files, nodePhotoDecoder);
    expect(report.splits.train).toEqual({ pairs: 1, unlabelled: 0 });
  });

  it('opens a zip, and names a path that does not exist', async () => {
    const zip = join(folder, 'set.zip');
    await writeZip(zip, { 'images/1.png': photoPng(8, 8) });
    expect((await filesAt(zip)).map(({ path }) => path)).toEqual(['set/images/1.png']);
    await expect(filesAt(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'data.not-found' });
  });
});

describe('nodePhotoDecoder', () => {
  const pixels = Buffer.alloc(16 * 8 * 4, 120);
  const photo = new Uint8Array(jpeg.encode({ width: 16, height: 8, data: pixels }, 95).data);

  it('decodes JPEG and PNG by their content, whatever the name says', async () => {
    const fromJpeg = await nodePhotoDecoder.decode(fileOf('a.png', photo));
    expect([fromJpeg.width, fromJpeg.height, fromJpeg.data.length]).toEqual([16, 8, 384]);
    expect(fromJpeg.data.every((value) => Math.abs(value - 120) <= 2)).toBe(true);
    const fromPng = await nodePhotoDecoder.decode(fileOf('a.jpg', photoPng(4, 2)));
    expect([fromPng.width, fromPng.height, fromPng.data.length]).toEqual([4, 2, 24]);
  });

  it('names what it cannot decode', async () => {
    const text = new TextEncoder().encode('words');
    const code = (path: string, bytes: Uint8Array, limits = {}) =>
      createPhotoDecoder({ ...DEFAULT_LIMITS, ...limits })
        .decode(fileOf(path, bytes))
        .then(
          () => 'decoded',
          (error: { code: string }) => error.code,
        );
    expect(await code('a.jpg', text)).toBe('data.unreadable-file');
    expect(await code('a.webp', text)).toBe('data.unsupported-format');
    expect(await code('a.jpg', new Uint8Array(0))).toBe('data.unreadable-file');
    expect(await code('a.jpg', photo.slice(0, photo.length - 12))).toBe('data.unreadable-file');
    expect(await code('a.jpg', photo.slice(0, 40))).toBe('data.unreadable-file');
    expect(await code('a.jpg', photo, { maxFileBytes: 10 })).toBe('data.unsupported-format');
    expect(await code('a.jpg', photo, { maxPixels: 100 })).toBe('data.unsupported-format');
  });
});
