// What the page hands over as files: archives opened in place, blobs kept for the browser's own decoders.
import { describe, expect, it } from 'vitest';
import { doorTo, type PageFile } from '../../studio/stores/dropDoor.ts';
import { tarGzOf, tarOf, zipOf } from '../../testing/archiveFiles.ts';
import { photoPng } from '../../testing/imageFiles.ts';
import { blobOf } from './blobBytes.ts';
import { browserFiles } from './browserFiles.ts';

const PHOTO = photoPng(6, 4);
const drop = (path: string, bytes: Uint8Array): PageFile => ({
  path,
  open: async () => new Blob([new Uint8Array(bytes)]),
});
const refused = { open: () => Promise.reject(new DOMException('No.', 'NotReadableError')) };
const listed = (files: readonly PageFile[]) =>
  browserFiles(
    files.map(({ path, open }) => ({ path, isReadable: open !== null })),
    doorTo(files),
  );

describe('browserFiles', () => {
  it('opens files when they are read, not before; their size is known from then on', async () => {
    let opened = 0;
    const open = async () => {
      opened++;
      return new Blob([Uint8Array.of(1, 2)]);
    };
    const { files } = await listed([
      { path: 'd/a.png', open },
      { path: 'd/gone.png', ...refused },
    ]);
    expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['d/a.png', null],
      ['d/gone.png', null],
    ]);
    expect(opened).toBe(0);
    expect([...(await files[0]!.bytes())]).toEqual([1, 2]);
    expect(files[0]!.sizeBytes).toBe(2);
    expect((await blobOf(files[0]!))?.size).toBe(2);
    await expect(files[1]!.bytes()).rejects.toThrow('No.');
    expect(await blobOf(files[1]!)).toBeNull();
  });

  it('opens every archive of a drop', async () => {
    const { files, findings } = await listed([
      drop('01.zip', await zipOf({ 'images/a.png': PHOTO })),
      drop('02.zip', await zipOf({ 'in.tar': tarOf({ 'labels/a.png': PHOTO }) }, { level: 0 })),
      drop('d/03.tar.gz', tarGzOf({ 'more/a.png': PHOTO })),
      drop('.DS_Store', PHOTO),
    ]);
    expect(files.map(({ path }) => path)).toEqual(['01/images/a.png', '02/in/labels/a.png', 'd/03/more/a.png']);
    expect(await Promise.all(files.map((file) => file.bytes()))).toEqual([PHOTO, PHOTO, PHOTO]);
    // What lies in an archive as it is reaches the browser's decoder without a copy.
    const blobs = await Promise.all(files.map(blobOf));
    expect(blobs.map((blob) => blob?.size ?? null)).toEqual([null, PHOTO.length, PHOTO.length]);
    expect(findings.map(({ code }) => code)).toEqual(['data.unused-files']);
  });

  it('makes findings of what the page could not read', async () => {
    const none = { open: null };
    const { files, findings } = await listed([
      { path: 'd/gone.png', ...refused },
      { path: 'd/locked/', ...none },
      { path: 'd/.git/', ...none },
      drop('d/a.zip', Uint8Array.of(1, 2, 3)),
      drop('d/a.png', PHOTO),
    ]);
    expect(files.map(({ path }) => path)).toEqual(['d/a.png']);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['data.unreadable-file', 'd/gone.png'],
      ['data.unreadable-folder', 'd/locked/'],
      ['data.unreadable-file', 'd/a.zip'],
      ['data.unused-files', 'd/.git'],
    ]);
    await expect(listed([{ path: 'a.png', ...none }])).rejects.toMatchObject({ code: 'data.unreadable-file' });
  });
});
