// Which files are archives, told by their first bytes; names only say where looking is worth it. The extensions of
// what is never looked into, and the formats that are named but not opened, with the words for both.
import { StudioError } from '../../../domain/errors.ts';
import { extensionOf } from '../paths.ts';
import { unsupported } from './archiveErrors.ts';
import { isTarHeader } from './tar.ts';

export type ArchiveFormat = 'zip' | 'tar' | 'gzip';

/** Enough for a tar's first header. */
export const HEAD_BYTES = 512;

const OPENED_SIGNATURES: readonly (readonly [ArchiveFormat, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['zip', [0x50, 0x4b, 0x07, 0x08]],
  ['gzip', [0x1f, 0x8b]],
];
/** Archives that are known and not opened, with their signatures. */
const OTHER_SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['Zstandard', [0x28, 0xb5, 0x2f, 0xfd]],
  ['LZ4', [0x04, 0x22, 0x4d, 0x18]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50]],
  ['compress (.Z)', [0x1f, 0x9d]],
];

/** Files of datasets that are no archives, or are meant to be read whole (several of these are zips inside). */
const ORDINARY = new Set(
  (
    'png jpg jpeg jfif webp bmp avif tif tiff gif heic heif jp2 ppm pgm pnm exr svg psd txt md rst json jsonl csv tsv xml yaml ' +
    'yml toml ini cfg log html htm css js ts py ipynb m mat npy npz pkl pickle pt pth bin ckpt onnx h5 hdf5 safetensors ' +
    'parquet tfrecord ply pcd las laz bag dat meta nii mha mp4 avi mov mkv webm wav mp3 pdf docx xlsx pptx odt ods jar whl apk doc xls sh bat exe db sqlite'
  ).split(' '),
);
const ARCHIVE = /\.(zipx?|tar|t?gz|t?bz2?|tbz2|t?xz|lzma|7z|rar|t?zst|lz4?|z)$/i;
/** One of several files that only make an archive together. */
const PART = /(\.(zip|7z|rar|tar|t?gz)\.(\d{2,3}|a[a-z])|\.z\d\d|\.part\d+\.rar)$/i;

export const isNamedArchive = (path: string): boolean => ARCHIVE.test(path) || PART.test(path);

/** Whether a file's first bytes are worth a look. */
export function mayBeArchive(path: string): boolean {
  return isNamedArchive(path) || !ORDINARY.has(extensionOf(path));
}

/** A path without what makes it an archive's name. */
export const withoutArchiveExtension = (path: string): string => path.replace(/(\.tar)?\.(zip|tar|t?gz)$/i, '');

const startsWith = (head: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => head[at] === byte);

/**
 * The format of a file that begins with `head`, or null for a file that is no archive. Throws `data.unsupported-format`
 * for archives that are not opened, and `data.unreadable-file` for what is only called one.
 */
export function formatOf(path: string, head: Uint8Array): ArchiveFormat | null {
  const isNamed = isNamedArchive(path);
  if (PART.test(path)) throw unsupported(path, 'split', 'is one part of an archive that was split into several.');
  const opened = OPENED_SIGNATURES.find(([, signature]) => startsWith(head, signature));
  if (opened !== undefined) return opened[0];
  if (isTarHeader(head)) return 'tar';
  if (isLinkText(head)) throw linkAsText(path, head);
  if (!isNamed) return null;
  const other = OTHER_SIGNATURES.find(([, signature]) => startsWith(head, signature));
  const extension = extensionOf(path);
  const kind = other?.[0] ?? (/^(zipx|lzma|lz4|z)$/.test(extension) ? extension : undefined);
  if (kind !== undefined)
    throw unsupported(path, 'archive-kind', `${kind} archives are not opened here.`, undefined, { kind });
  // A zip may have a program in front of it; its directory is at its end.
  if (extension === 'zip' && !isText(head) && head.length > 0) return 'zip';
  throw notAnArchive(path, head);
}

const isText = (head: Uint8Array): boolean => head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));

/** A relative or absolute path and nothing else: what becomes of a link where there are none. */
const isLinkText = (head: Uint8Array): boolean =>
  head.length < HEAD_BYTES && isText(head) && /^\.{0,2}\/[^\n]+\n?$/.test(new TextDecoder().decode(head));

const linkAsText = (path: string, head: Uint8Array): StudioError =>
  new StudioError(
    'data.not-found',
    `${path} was a link to ${new TextDecoder().decode(head).trim()} and is a text file now.`,
    'Copy what it led to in its place: archives, clouds and git on Windows do not keep links.',
    { path, reason: 'link-as-text' },
  );

function notAnArchive(path: string, head: Uint8Array): StudioError {
  const isPage = /<(!doctype|html)/i.test(new TextDecoder().decode(head));
  const what = head.length === 0 ? 'is empty (0 bytes)' : isPage ? 'is a web page' : 'is none';
  return new StudioError(
    'data.unreadable-file',
    `${path} is called an archive, but ${what}.`,
    'The download failed, or wanted you to sign in first: download it again.',
    { path, reason: 'not-an-archive' },
  );
}
