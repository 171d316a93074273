// Node's files and photos: folders and zips on disk give what a drop in the browser would.
import { once } from 'node:events';
import * as promises from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../data/importing/limits.ts';
import type { Listing } from '../../../data/ports.ts';
import { tarGzOf, zipOf } from '../../../testing/archiveFiles.ts';
import { fileOf, greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { createPhotoDecoder, nodePhotoDecoder } from '../decodePhoto.ts';
import { filesAt, type WalkedDisk } from './nodeFiles.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const paths = ({ files }: Listing): readonly string[] => files.map(({ path }) => path);
const told = ({ findings }: Listing) => findings.map(({ code, path, context }) => [code, path, context.reason]);

/** Writes files below the test's folder, and links: `path -> target`. */
async function write(files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const location = join(folder, path);
    await mkdir(dirname(location), { recursive: true });
    if (typeof content === 'string') await symlink(content, location);
    else await writeFile(location, content);
  }
}

const PHOTO = photoPng(8, 8);
const LABEL = greyPng(8, 8, 4);

describe('filesAt', () => {
  it('walks a folder, with archives as folders and paths that begin with its name', async () => {
    await write({
      'd/labels/1.png': LABEL,
      'd/photos.zip': await zipOf({ 'images/1.png': PHOTO }),
      'd/more.tgz': tarGzOf({ 'images/2.png': PHOTO }),
      'd/more/in.zip': await zipOf({ 'a.zip': await zipOf({ 'images/3.png': PHOTO }) }),
    });
    const listing = await filesAt([join(folder, 'd')]);
    expect(paths(listing)).toEqual([
      'd/labels/1.png',
      'd/more/images/2.png',
      'd/photos/images/1.png',
      'd/more/in/a/images/3.png',
    ]);
    expect(listing.findings).toEqual([]);
    expect(await Promise.all(listing.files.map((file) => file.bytes()))).toEqual([LABEL, PHOTO, PHOTO, PHOTO]);
  });

  it('opens a zip, and a folder of any name', async () => {
    await write({ 'set.zip': await zipOf({ 'images/1.png': PHOTO }), '.street/images/1.png': LABEL });
    expect(paths(await filesAt([join(folder, 'set.zip')]))).toEqual(['set/images/1.png']);
    expect(paths(await filesAt([join(folder, '.street'), join(folder, 'set.zip')]))).toEqual([
      '.street/images/1.png',
      'set/images/1.png',
    ]);
  });

  it.each([
    ['nowhere', 'data.not-found'],
    ['lost', 'data.not-found'],
    ['a.png', 'data.unsupported-format'],
    ['cut.zip', 'data.unreadable-file'],
    ['a.png/images', 'data.not-found'],
  ])('names what cannot be listed at all: %s', async (name, code) => {
    await write({ 'a.png': PHOTO, lost: 'nothing', 'cut.zip': (await zipOf({ a: PHOTO })).slice(0, -9) });
    await expect(filesAt([join(folder, name)])).rejects.toMatchObject({ code });
  });

  it('follows links, and lists what several lead to once: at the end of the shortest way, where it lies among equals', async () => {
    await write({
      'store/img/1.png': PHOTO,
      'store/lab/1.png': LABEL,
      'd/images': '../store/img',
      'd/labels': '../store/lab',
      'd/again': '../store/img',
      'd/deep/below/2.png': PHOTO,
      'd/near': 'deep/below',
      'd/val': 'train',
      'd/train/3.png': PHOTO,
      'd/train/up': '..',
      'd/file.png': '../store/img/1.png',
      link: 'd',
    });
    const listing = await filesAt([join(folder, 'link')]);
    expect(paths(listing)).toEqual([
      'link/file.png',
      'link/train/3.png',
      'link/again/1.png',
      'link/labels/1.png',
      'link/near/2.png',
    ]);
    expect(told(listing)).toEqual([
      ['data.duplicate-files', 'link/images', 'same-folder'],
      ['data.duplicate-files', 'link/val', 'same-folder'],
      ['data.duplicate-files', 'link/deep/below', 'same-folder'],
      ['data.duplicate-files', 'link/train/up', 'same-folder'],
    ]);
    expect(listing.findings.map(({ context }) => context.first)).toEqual([
      'link/again',
      'link/train',
      'link/near',
      'link',
    ]);
  });

  it('passes over what leads nowhere or is no file, and says so', async () => {
    await write({ 'd/1.png': PHOTO, 'd/a.png': '../gone.png', 'd/b': 'b', 'd/.git/x': PHOTO, 'd/.DS_Store': PHOTO });
    const server = createServer().listen(join(folder, 'd', 'socket'));
    await once(server, 'listening');
    const listing = await filesAt([join(folder, 'd')]);
    await new Promise((closed) => server.close(closed));
    expect(paths(listing)).toEqual(['d/1.png']);
    expect(told(listing)).toEqual([
      ['data.not-found', 'd/a.png', 'dangling-link'],
      ['data.not-found', 'd/b', 'dangling-link'],
      ['data.unsupported-format', 'd/socket', 'not-a-file'],
      ['data.unused-files', 'd/.DS_Store', 'clutter'],
    ]);
    expect(listing.findings.at(-1)?.context.count).toBe(2);
  });

  it('passes over what it may not read, and says so', async () => {
    await write({ 'd/1.png': PHOTO, 'd/2.png': PHOTO, 'd/lost+found/3.png': PHOTO, 'd/4.png': PHOTO });
    const refused = /lost\+found$|2\.png$/;
    const guard =
      <Args extends readonly [unknown, ...unknown[]], Result>(work: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        if (refused.test(String(args[0]))) throw Object.assign(new Error('EACCES: denied'), { code: 'EACCES' });
        return work(...args);
      };
    // The tests may run as root, whom no permission stops.
    const disk = {
      ...promises,
      access: guard(promises.access),
      readdir: guard(promises.readdir),
    } as unknown as WalkedDisk;
    const listing = await filesAt([join(folder, 'd')], DEFAULT_LIMITS, disk);
    expect(paths(listing)).toEqual(['d/1.png', 'd/4.png']);
    expect(told(listing)).toEqual([
      ['data.unreadable-file', 'd/2.png', 'EACCES'],
      ['data.unreadable-folder', 'd/lost+found', 'EACCES'],
    ]);
    await expect(filesAt([join(folder, 'd', 'lost+found')], DEFAULT_LIMITS, disk)).rejects.toMatchObject({
      code: 'data.unreadable-folder',
    });
  });

  it('leaves no temporary file behind', async () => {
    await write({ 'd/a.tgz': tarGzOf({ 'images/1.png': PHOTO }), 'd/b.tgz': tarGzOf({ a: PHOTO }).slice(0, -20) });
    const { files } = await filesAt([join(folder, 'd')]);
    expect(await files[0]?.bytes()).toEqual(PHOTO);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('studio-unpacked-'))).toEqual([]);
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
