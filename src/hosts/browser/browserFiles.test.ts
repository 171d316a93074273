// What the page hands over as files: archives opened in place, blobs kept for the browser's own decoders.
import { describe, expect, it } from 'vitest';
import type { DroppedFile } from '../../bridge/protocol.ts';
import { tarGzOf, tarOf, zipOf } from '../../testing/archiveFiles.ts';
import { photoPng } from '../../testing/imageFiles.ts';
import { blobOf } from './blobBytes.ts';
import { browserFiles } from './browserFiles.ts';

const PHOTO = photoPng(6, 4);
const drop = (path: string, bytes: Uint8Array): DroppedFile => ({
  path,
  sizeBytes: bytes.length,
  blob: new Blob([new Uint8Array(bytes)]),
});

describe('browserFiles', () => {
  it('reads files when asked, and keeps their paths and blobs', async () => {
    const dropped = drop('d/a.png', Uint8Array.of(1, 2));
    const { files } = await browserFiles([dropped]);
    expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([['d/a.png', 2]]);
    expect([...(await files[0]!.bytes())]).toEqual([1, 2]);
    expect(blobOf(files[0]!)).toBe(dropped.blob);
  });

  it('opens every archive of a drop', async () => {
    const { files, findings } = await browserFiles([
      drop('01.zip', await zipOf({ 'images/a.png': PHOTO })),
      drop('02.zip', await zipOf({ 'in.tar': tarOf({ 'labels/a.png': PHOTO }) }, { level: 0 })),
      drop('d/03.tar.gz', tarGzOf({ 'more/a.png': PHOTO })),
      drop('.DS_Store', PHOTO),
    ]);
    expect(files.map(({ path }) => path)).toEqual(['01/images/a.png', '02/in/labels/a.png', 'd/03/more/a.png']);
    expect(await Promise.all(files.map((file) => file.bytes()))).toEqual([PHOTO, PHOTO, PHOTO]);
    // What lies in an archive as it is reaches the browser's decoder without a copy.
    expect(files.map((file) => blobOf(file)?.size ?? null)).toEqual([null, PHOTO.length, PHOTO.length]);
    expect(findings.map(({ code }) => code)).toEqual(['data.unused-files']);
  });

  it('makes findings of what the page could not read', async () => {
    const none = { sizeBytes: 0, blob: null };
    const { files, findings } = await browserFiles([
      { path: 'd/gone.png', ...none },
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
    await expect(browserFiles([{ path: 'a.png', ...none }])).rejects.toMatchObject({ code: 'data.unreadable-file' });
  });
});
