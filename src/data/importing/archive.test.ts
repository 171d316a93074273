// Archives: read lazily as folders, and refused before or while they do harm.
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { describe, expect, it } from 'vitest';
import { greyPng, photoPng } from '../../testing/imageFiles.ts';
import { decodePngPhoto } from '../decode/decodePng.ts';
import { type ByteSource, openArchive } from './archive.ts';
import { inspectFiles } from './inspect.ts';
import { DEFAULT_LIMITS } from './limits.ts';

configure({ useWebWorkers: false });

async function zipOf(entries: Readonly<Record<string, Uint8Array>>, options: { password?: string } = {}) {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, bytes] of Object.entries(entries)) await writer.add(name, new Uint8ArrayReader(bytes), options);
  return writer.close();
}

/** Counts what is read, to show that opening an archive does not read its contents. */
function sourceOf(bytes: Uint8Array): ByteSource & { readBytes: number } {
  return {
    sizeBytes: bytes.length,
    readBytes: 0,
    async read(offset, length) {
      const part = bytes.slice(offset, offset + length);
      this.readBytes += part.length;
      return part;
    },
  };
}

/** Rewrites the 32-bit sizes that a zip claims, in its directory and in the entry's own header. */
function claim(zip: Uint8Array, from: number, to: number): Uint8Array {
  const patched = zip.slice();
  const view = new DataView(patched.buffer);
  for (let at = 0; at + 4 <= patched.length; at++) {
    if (view.getUint32(at, true) === from) view.setUint32(at, to, true);
  }
  return patched;
}

describe('openArchive', () => {
  it('lists the files under the archive’s own name and reads each when asked', async () => {
    const photo = photoPng(120, 90);
    const source = sourceOf(
      await zipOf({ 'images/1.png': photo, 'images/2.png': photo, 'labels/1.png': greyPng(9, 9, 1) }),
    );
    const files = await openArchive(source, 'drop/set.zip');
    expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['drop/set/images/1.png', photo.length],
      ['drop/set/images/2.png', photo.length],
      ['drop/set/labels/1.png', greyPng(9, 9, 1).length],
    ]);
    expect(await files[0]?.bytes()).toEqual(photo);
    // Two files at once, and one of them twice.
    const [first, second, again] = await Promise.all([files[0]?.bytes(), files[1]?.bytes(), files[0]?.bytes()]);
    expect([first, second, again]).toEqual([photo, photo, photo]);
  });

  it('is inspected like a folder', async () => {
    const zip = await zipOf({ 'set/images/1.png': photoPng(8, 8), 'set/labels/1.png': greyPng(8, 8, 2) });
    const files = await openArchive(sourceOf(zip), 'set.zip');
    const decode = { decode: async (file: (typeof files)[0]) => decodePngPhoto(await file.bytes(), file.path) };
    expect((await inspectFiles(files, decode)).report.splits.train).toEqual({ pairs: 1, unlabelled: 0 });
  });

  it('makes names harmless, skips folders and clutter, and leaves archives inside closed', async () => {
    const one = Uint8Array.of(1);
    const inner = await zipOf({ 'x.png': one });
    const zip = await zipOf({ 'a/b.png': one, '__MACOSX/a/._b.png': one, '.DS_Store': one, 'inner.zip': inner });
    // The writer refuses such names; in the bytes they can stand all the same.
    const from = new TextEncoder().encode('a/b.png');
    const to = new TextEncoder().encode('../../e');
    for (let at = 0; at + from.length <= zip.length; at++) {
      if (from.every((byte, i) => zip[at + i] === byte)) zip.set(to, at);
    }
    const files = await openArchive(sourceOf(zip), 'z.zip');
    expect(files.map(({ path }) => path)).toEqual(['z/e', 'z/inner.zip']);
  });

  it('refuses a zip bomb from its directory, without unpacking', async () => {
    const source = sourceOf(await zipOf({ 'images/1.png': new Uint8Array(16 * 2 ** 20) }));
    await expect(openArchive(source, 'bomb.zip')).rejects.toMatchObject({
      code: 'data.archive-too-large',
      context: { path: 'bomb.zip', reason: 'expansion', entry: 'images/1.png' },
    });
  });

  it('refuses a zip bomb that lies about its size while unpacking', async () => {
    const size = 3_000_017;
    const zip = claim(await zipOf({ 'images/1.png': new Uint8Array(size) }), size, 50_000);
    const [file] = await openArchive(sourceOf(zip), 'liar.zip');
    expect(file?.sizeBytes).toBe(50_000);
    await expect(file?.bytes()).rejects.toMatchObject({
      code: 'data.archive-too-large',
      context: { reason: 'larger-than-claimed', claimedBytes: 50_000 },
    });
  });

  it('refuses too many bytes and too many entries in all', async () => {
    const zip = await zipOf({ a: new Uint8Array(600), b: new Uint8Array(600) });
    const open = (limits: Partial<typeof DEFAULT_LIMITS>) =>
      openArchive(sourceOf(zip), 'z.zip', { ...DEFAULT_LIMITS, ...limits });
    await expect(open({ maxArchiveBytes: 1000 })).rejects.toMatchObject({ context: { reason: 'total-bytes' } });
    await expect(open({ maxArchiveEntries: 1 })).rejects.toMatchObject({ context: { reason: 'entries' } });
    expect((await open({})).length).toBe(2);
  });

  it('refuses encrypted archives', async () => {
    const zip = await zipOf({ 'images/1.png': photoPng(4, 4) }, { password: 'secret' });
    await expect(openArchive(sourceOf(zip), 'z.zip')).rejects.toMatchObject({
      code: 'data.unsupported-format',
      context: { reason: 'encrypted' },
    });
  });

  it('names a damaged archive, and a damaged file within one', async () => {
    const zip = await zipOf({ 'images/1.png': photoPng(40, 40) });
    await expect(openArchive(sourceOf(zip.slice(0, zip.length - 30)), 'cut.zip')).rejects.toMatchObject({
      code: 'data.unreadable-file',
    });
    const flipped = zip.slice();
    flipped[120] = (flipped[120] ?? 0) ^ 255;
    const [file] = await openArchive(sourceOf(flipped), 'bad.zip');
    await expect(file?.bytes()).rejects.toMatchObject({ code: 'data.unreadable-file' });
  });
});
