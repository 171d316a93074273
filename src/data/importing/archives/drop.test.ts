// Drops with archives in them: opened whatever they are called and however they are wrapped, and refused each by itself,
// before or while they do harm.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { spoolInBrowser } from '../../../hosts/browser/blobBytes.ts';
import {
  concat,
  countingBytes,
  type Entries,
  listingOf,
  tarEntry,
  tarGzOf,
  tarOf,
  zipOf,
} from '../../../testing/archiveFiles.ts';
import { greyPng, photoPng } from '../../../testing/imageFiles.ts';
import { decodePngPhoto } from '../../decode/decodePng.ts';
import type { Listing } from '../../ports.ts';
import { inspectFiles } from '../inspect.ts';
import { Drop } from './drop.ts';

const photo = photoPng(12, 9);
const label = greyPng(12, 9, 1);
const SET: Entries = { 'images/1.png': photo, 'labels/1.png': label };
const HARMLESS = { 'd/images/a.png': photo };
const pathsOf = ({ files }: Listing): readonly string[] => files.map(({ path }) => path);
const told = ({ findings }: Listing) => findings.map(({ code, path, context }) => [code, path, context.reason]);
const isStored = { level: 0 } as const;
const bytesOf = async ({ files }: Listing): Promise<readonly Uint8Array[]> =>
  Promise.all(files.map((file) => file.bytes()));

describe('archives of every kind', () => {
  it.each([
    ['a zip', 'd/set.zip', () => zipOf(SET)],
    ['a zip whose name says nothing', 'd/set', () => zipOf(SET)],
    ['a zip called .tar', 'd/set.tar', () => zipOf(SET)],
    ['a zip behind a program', 'd/set.zip', async () => concat(Uint8Array.of(0x4d, 0x5a, 0, 1, 2), await zipOf(SET))],
    ['a tar', 'd/set.tar', () => tarOf(SET)],
    ['a tar.gz', 'd/set.tar.gz', () => tarGzOf(SET)],
    ['a tgz', 'd/set.TGZ', () => tarGzOf(SET)],
  ])('%s is a folder of its own name', async (_, path, make) => {
    const listing = await listingOf({ [path]: await make() });
    expect(listing.findings).toEqual([]);
    expect(listing.files.map(({ sizeBytes, archive }) => [sizeBytes, archive])).toEqual([
      [photo.length, 'd/set'],
      [label.length, 'd/set'],
    ]);
    expect(pathsOf(listing)).toEqual(['d/set/images/1.png', 'd/set/labels/1.png']);
    expect(await bytesOf(listing)).toEqual([photo, label]);
  });

  it.each([
    ['a stored zip', (inner: Uint8Array) => zipOf({ 'in.zip': inner }, isStored), () => zipOf(SET)],
    ['a compressed zip', (inner: Uint8Array) => zipOf({ 'in.zip': inner }), () => zipOf(SET, isStored)],
    ['a tar', (inner: Uint8Array) => tarOf({ 'in.zip': inner }), () => zipOf(SET)],
    ['a tar.gz', (inner: Uint8Array) => tarGzOf({ 'in.tar': inner }), () => tarOf(SET)],
    ['a zip of tars', (inner: Uint8Array) => zipOf({ 'in.tgz': inner }), () => tarGzOf(SET)],
  ])('%s is opened through to what it wraps', async (_, wrap, make) => {
    const listing = await listingOf({ 'out.zip': await wrap(await make()) });
    expect(pathsOf(listing)).toEqual(['out/in/images/1.png', 'out/in/labels/1.png']);
    expect(listing.files.map(({ archive }) => archive)).toEqual(['out/in', 'out/in']);
    expect(await bytesOf(listing)).toEqual([photo, label]);
  });

  it('lists several beside each other and beside files, and pairs across them', async () => {
    const listing = await listingOf({
      '01_images.zip': await zipOf({ 'images/1.png': photo }),
      '01_labels.zip': await zipOf({ 'labels/1.png': label }),
      'more/readme.txt': photo,
      '.DS_Store': label,
    });
    expect(pathsOf(listing).toSorted()).toEqual([
      '01_images/images/1.png',
      '01_labels/labels/1.png',
      'more/readme.txt',
    ]);
    expect(told(listing)).toEqual([['data.unused-files', '.DS_Store', 'clutter']]);
    const decode = { decode: async (file: Listing['files'][0]) => decodePngPhoto(await file.bytes(), file.path) };
    expect((await inspectFiles(listing.files, decode)).report.splits.train).toEqual({ pairs: 1, unlabelled: 0 });
  });

  it('keeps two archives apart that would be the same folder', async () => {
    const listing = await listingOf({ 'd/s.zip': await zipOf({ a: photo }), 'd/s.tar': tarOf({ a: label }) });
    expect(pathsOf(listing)).toEqual(['d/s/a', 'd/s.tar/a']);
  });

  it('makes names harmless, compares them in one Unicode form, and counts clutter once', async () => {
    const one = Uint8Array.of(1);
    const zip = await zipOf({ 'a/b.png': one, '__MACOSX/a/._b.png': one, '.DS_Store': one, 'o\u0308.png': one });
    // The writer refuses such names; in the bytes they can stand all the same.
    const from = new TextEncoder().encode('a/b.png');
    const to = new TextEncoder().encode('..\\../e');
    for (let at = 0; at + from.length <= zip.length; at++) {
      if (from.every((byte, i) => zip[at + i] === byte)) zip.set(to, at);
    }
    const listing = await listingOf({ '.hidden/z.zip': zip, '.hidden/Thumbs.db': one, '.hidden/u\u0308.png': one });
    expect(pathsOf(listing)).toEqual(['.hidden/\u00fc.png', '.hidden/z/e', '.hidden/z/\u00f6.png']);
    expect(listing.findings).toMatchObject([{ code: 'data.unused-files', context: { reason: 'clutter', count: 3 } }]);
  });

  it('leaves files closed that are zips by accident: documents, arrays, weights', async () => {
    const zip = await zipOf(SET);
    const listing = await listingOf({ 'd/a.docx': zip, 'd/b.npz': zip, 'd/c.pth': zip });
    expect(pathsOf(listing)).toEqual(['d/a.docx', 'd/b.npz', 'd/c.pth']);
    expect(listing.findings).toEqual([]);
  });
});

describe('an archive that cannot be opened costs itself', () => {
  const cut = async () => (await zipOf(SET)).slice(0, -30);
  const page = new TextEncoder().encode('<!DOCTYPE html><title>Log in</title>');
  const head = (...bytes: readonly number[]) => concat(Uint8Array.from(bytes), new Uint8Array(600));
  it.each([
    ['a cut zip', 'x.zip', cut, 'data.unreadable-file', 'damaged-archive'],
    ['a cut tar', 'x.tar', () => tarOf(SET).slice(0, 600), 'data.unreadable-file', 'damaged-archive'],
    ['a cut tar.gz', 'x.tgz', () => tarGzOf(SET).slice(0, -30), 'data.unreadable-file', 'damaged-archive'],
    ['an empty zip file', 'x.zip', () => new Uint8Array(), 'data.unreadable-file', 'not-an-archive'],
    ['a web page', 'x.zip', () => page, 'data.unreadable-file', 'not-an-archive'],
    ['an encrypted zip', 'x.zip', () => zipOf(SET, { password: 'p' }), 'data.unsupported-format', 'encrypted'],
    ['a 7z', 'x.7z', () => head(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'data.unsupported-format', 'archive-kind'],
    ['a rar', 'x.rar', () => head(0x52, 0x61, 0x72, 0x21, 0x1a, 0x07), 'data.unsupported-format', 'archive-kind'],
    [
      'a rar called zip',
      'x.zip',
      () => head(0x52, 0x61, 0x72, 0x21, 0x1a, 7),
      'data.unsupported-format',
      'archive-kind',
    ],
    ['a tar.bz2', 'x.tar.bz2', () => head(0x42, 0x5a, 0x68, 0x39), 'data.unsupported-format', 'archive-kind'],
    ['a tar.xz', 'x.tar.xz', () => head(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'data.unsupported-format', 'archive-kind'],
    ['a part of a zip', 'x.zip.001', cut, 'data.unsupported-format', 'split'],
    [
      'a gz of one file',
      'x.png.gz',
      () => new Uint8Array(gzipSync(photo)),
      'data.unsupported-format',
      'compressed-file',
    ],
  ])('%s', async (_, name, make, code, reason) => {
    const path = `d/${name}`;
    const bytes = await make();
    const listing = await listingOf({ ...HARMLESS, [path]: bytes, 'd/z.zip': await zipOf({ a: label }) });
    expect(pathsOf(listing)).toEqual(['d/images/a.png', 'd/z/a']);
    expect(told(listing)).toEqual([[code, path, reason]]);
    expect(listing.findings[0]?.message).toMatch(new RegExp(`^${path}.*(unpack|download)`, 'i'));
    // Alone, it is the reason that nothing remains.
    await expect(listingOf({ [path]: bytes, 'd/.DS_Store': label })).rejects.toMatchObject({
      code,
      context: { path, reason },
    });
  });

  it('says what became of several', async () => {
    const bad = await cut();
    await expect(listingOf({ 'a.zip': bad, 'b.zip': bad })).rejects.toThrow(/a\.zip.*1 more/);
  });

  it('within another, too', async () => {
    const listing = await listingOf({ 'out.zip': await zipOf({ 'in.zip': await cut(), 'a.png': photo }) });
    expect(pathsOf(listing)).toEqual(['out/a.png']);
    expect(told(listing)).toEqual([['data.unreadable-file', 'out/in.zip', 'damaged-archive']]);
  });

  it('names a link in a zip', async () => {
    const link = await zipOf({ 'l.png': new TextEncoder().encode('../images/1.png') }, { unixMode: 0o120777 });
    expect(told(await listingOf({ ...HARMLESS, 'z.zip': link }))).toEqual([
      ['data.unsupported-format', 'z.zip/l.png', 'link'],
    ]);
  });

  it('names a damaged file in a good zip when it is read', async () => {
    const zip = await zipOf(SET);
    zip[80] = (zip[80] ?? 0) ^ 255;
    const { files } = await listingOf({ 'bad.zip': zip });
    await expect(files[0]?.bytes()).rejects.toMatchObject({ code: 'data.unreadable-file' });
    expect(await files[1]?.bytes()).toEqual(label);
  });
});

describe('limits', () => {
  /** Rewrites the 32-bit sizes that a zip claims, in its directory and in the entry's own header. */
  function claim(zip: Uint8Array, from: number, to: number): Uint8Array {
    const patched = zip.slice();
    const view = new DataView(patched.buffer);
    for (let at = 0; at + 4 <= patched.length; at++) {
      if (view.getUint32(at, true) === from) view.setUint32(at, to, true);
    }
    return patched;
  }
  const zeros = new Uint8Array(16 * 2 ** 20);

  it.each([
    ['from its directory', async () => zipOf({ 'images/1.png': zeros }), 'bomb.zip'],
    ['while it unpacks', async () => new Uint8Array(gzipSync(tarOf({ 'images/1.png': zeros }))), 'bomb.tar.gz'],
  ])('a bomb is refused %s', async (_, make, path) => {
    const listing = await listingOf({ ...HARMLESS, [path]: await make() });
    expect(told(listing)).toEqual([['data.archive-too-large', path, 'expansion']]);
  });

  it('a bomb that lies about its size is stopped while it unpacks', async () => {
    const zip = claim(await zipOf({ 'images/1.png': zeros.subarray(0, 3_000_017) }), 3_000_017, 50_000);
    const [file] = (await listingOf({ 'liar.zip': zip })).files;
    expect(file?.sizeBytes).toBe(50_000);
    await expect(file?.bytes()).rejects.toMatchObject({
      code: 'data.archive-too-large',
      context: { reason: 'larger-than-claimed', claimedBytes: 50_000 },
    });
  });

  it('bytes and entries in all, and archives in archives', async () => {
    const zip = await zipOf({ a: new Uint8Array(600), b: new Uint8Array(600) });
    const tar = tarOf({ a: new Uint8Array(600), b: new Uint8Array(600) });
    const reason = async (path: string, bytes: Uint8Array, limits: Parameters<typeof listingOf>[1]) =>
      (await listingOf({ ...HARMLESS, [path]: bytes }, limits)).findings.map(({ context }) => context.reason);
    expect(await reason('z.zip', zip, { maxArchiveBytes: 1000 })).toEqual(['total-bytes']);
    expect(await reason('z.zip', zip, { maxArchiveEntries: 1 })).toEqual(['entries']);
    expect(await reason('z.tar', tar, { maxArchiveEntries: 1 })).toEqual(['entries']);
    expect(await reason('z.zip', await zipOf({ 'y.zip': zip }), { maxArchiveDepth: 1 })).toEqual(['depth']);
    expect(await reason('z.zip', await zipOf({ 'y.zip': zip }), {})).toEqual([]);
  });

  it('opening reads directories and headers only', async () => {
    const noise = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 2654435761) >>> 13);
    for (const [path, bytes] of [
      ['a.zip', await zipOf({ 'in.zip': await zipOf({ 'b.png': noise }, isStored) }, isStored)],
      ['a.tar', tarOf({ 'b.png': noise, 'c.png': noise })],
    ] as const) {
      const { source, read } = countingBytes(bytes);
      const drop = new Drop(spoolInBrowser);
      drop.add(path, source);
      expect((await drop.list()).files.length).toBeGreaterThan(0);
      expect(read.bytes).toBeLessThan(150_000);
    }
  });
});

describe('what tars can hold', () => {
  const long = `${'n'.repeat(90)}/${'m'.repeat(120)}/1.png`;
  const end = new Uint8Array(1024);
  const pax = (records: Readonly<Record<string, string>>): Uint8Array => {
    const lines = Object.entries(records).map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      const length = new TextEncoder().encode(rest).length;
      return `${length + String(length + String(length).length).length}${rest}`;
    });
    return tarEntry({ name: 'pax', type: 'x', bytes: new TextEncoder().encode(lines.join('')) });
  };
  const gnu = { magic: 'ustar  \0' };

  it.each([
    ['a prefix', [tarEntry({ name: '1.png', prefix: 'p'.repeat(120), bytes: photo })], `${'p'.repeat(120)}/1.png`],
    ['a pax path', [pax({ path: `${long}\u00e9` }), tarEntry({ name: 'x', bytes: photo })], `${long}\u00e9`],
    [
      'a GNU long name',
      [
        tarEntry({ name: '././@LongLink', type: 'L', bytes: new TextEncoder().encode(`${long}\0`), ...gnu }),
        tarEntry({ name: 'x', bytes: photo, ...gnu, prefix: 'not a prefix' }),
      ],
      long,
    ],
    ['the form before POSIX', [tarEntry({ name: './1.png', bytes: photo, magic: '', type: '\0' })], '1.png'],
    [
      'folders and a global header',
      [pax({}), tarEntry({ name: 'f/', type: '5' }), tarEntry({ name: 'f/1.png', bytes: photo })],
      'f/1.png',
    ],
    [
      'a later file of the same name',
      [tarEntry({ name: 'a', bytes: label }), tarEntry({ name: 'a', bytes: photo })],
      'a',
    ],
    ['no blocks at its end', [tarEntry({ name: 'a', bytes: photo })], 'a'],
  ])('%s', async (what, entries, name) => {
    const listing = await listingOf({ 't.tar': concat(...entries, ...(what.startsWith('no blocks') ? [] : [end])) });
    const codes = listing.findings.map(({ context }) => context.reason);
    expect(codes).toEqual(what === 'no blocks at its end' ? ['truncated'] : []);
    expect(pathsOf(listing)).toEqual([`t/${name.normalize('NFC')}`]);
    expect(await listing.files[0]?.bytes()).toEqual(photo);
  });

  it('sizes beyond octal, and links to files within', async () => {
    const big = tarEntry({ name: 'real/1.png', bytes: photo });
    big.set([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, photo.length >> 8, photo.length & 255], 124);
    big.set(new TextEncoder().encode('        '), 148);
    const sum = big.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    big.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0`), 148);
    const listing = await listingOf({
      't.tar': concat(
        big,
        tarEntry({ name: 'images/1.png', type: '2', linkName: '../real/1.png' }),
        tarEntry({ name: 'hard.png', type: '1', linkName: 'real/1.png' }),
        tarEntry({ name: 'lost.png', type: '2', linkName: '/elsewhere' }),
        end,
      ),
    });
    expect(pathsOf(listing)).toEqual(['t/real/1.png', 't/images/1.png', 't/hard.png']);
    expect(await bytesOf(listing)).toEqual([photo, photo, photo]);
    expect(told(listing)).toEqual([['data.not-found', 't.tar/lost.png', 'dangling-link']]);
  });
});

describe('copies', () => {
  const many = (tint = 0): Entries =>
    Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        [`images/${i}.png`, photoPng(20 + i, 9, i + tint)] as const,
        [`labels/${i}.png`, greyPng(20 + i, 9, i)] as const,
      ]).flat(),
    );
  const under = (folder: string, entries: Entries): Entries =>
    Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

  it.each([
    ['beside what was unpacked from it', { ...under('d', many()) }, 'd/download.zip', () => zipOf(many()), 'd'],
    ['with a folder of its own', under('d/set', many()), 'd/download.zip', () => zipOf(under('set', many())), 'd'],
    ['whose folder was left out', under('d', many()), 'd/download.zip', () => zipOf(under('set', many())), 'd'],
    ['unpacked into its own name', under('d/set', many()), 'd/set.zip', () => zipOf(many()), 'd/set'],
    ['unpacked from a tar.gz', under('d/set', many()), 'd/set.tar.gz', () => tarGzOf(many()), 'd/set'],
    [
      'of half of what is there',
      under('d', many()),
      'd/images.zip',
      () => zipOf(under('images', { '1.png': photoPng(21, 9, 1) })),
      'd',
    ],
  ])('an archive %s is left out', async (_, files, path, make, original) => {
    const listing = await listingOf({ ...files, [path]: await make() });
    expect(listing.files.every(({ archive }) => archive === undefined)).toBe(true);
    expect(listing.files).toHaveLength(Object.keys(files).length);
    expect(listing.findings).toMatchObject([
      { code: 'data.duplicate-files', path, context: { reason: 'copy', first: original } },
    ]);
  });

  it('one of two downloads is left out', async () => {
    const zip = await zipOf(many());
    const listing = await listingOf({ 'd/set (1).zip': zip, 'd/set.zip': zip });
    expect(listing.files).toHaveLength(24);
    expect(listing.findings).toMatchObject([{ path: 'd/set (1).zip', context: { first: 'd/set.zip' } }]);
  });

  it('what was changed or not yet unpacked stays as it should', async () => {
    const unpacked: Record<string, Uint8Array> = { ...under('d', many()), 'd/labels/3.png': greyPng(90, 90, 1) };
    delete unpacked['d/images/5.png'];
    const listing = await listingOf({ ...unpacked, 'd/set.zip': await zipOf(many()) });
    expect(listing.files).toHaveLength(24);
    expect(listing.files.filter(({ archive }) => archive !== undefined).map(({ path }) => path)).toEqual([
      'd/set/images/5.png',
    ]);
    expect(listing.findings).toMatchObject([{ context: { count: 23, changed: 1 } }]);
  });

  it('drives with the same names and sizes are no copies', async () => {
    const other = await zipOf(many(3));
    expect(await listingOf({ 'a.zip': await zipOf(many()), 'b.zip': other })).toMatchObject({ findings: [] });
    expect(await listingOf({ ...under('d', many()), 'd/b.zip': other })).toMatchObject({ findings: [] });
  });
});

it('takes a file that it does not know for a file', async () => {
  const listing = await listingOf({ 'd/data.xyz': Uint8Array.of(1, 2, 3), 'd/empty': new Uint8Array() });
  expect(pathsOf(listing)).toEqual(['d/data.xyz', 'd/empty']);
});

it('names links that became text files on their way', async () => {
  const text = new TextEncoder().encode('../store/images\n');
  const listing = await listingOf({ ...HARMLESS, 'd/labels': text, 'd/VERSION': new TextEncoder().encode('1/2') });
  expect(pathsOf(listing)).toEqual(['d/images/a.png', 'd/VERSION']);
  expect(told(listing)).toEqual([['data.not-found', 'd/labels', 'link-as-text']]);
});
