// Decodes photos with the browser's own decoders, off this thread, without colour management or alpha. The turn that EXIF asks for
// is told, not done: whether it is right depends on the labels. Labels never come here.
import { decodePngPhoto, isPng, readPngHeader } from '../../data/decode/decodePng.ts';
import { isJpeg, type PhotoHeader, readPhotoHeader, withoutMetadata } from '../../data/decode/photoHeader.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../../data/importing/limits.ts';
import { readWhole } from '../../data/importing/readWhole.ts';
import type { PhotoDecoder, SourceFile, StoredPhoto } from '../../data/ports.ts';
import type { RgbImage, Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { blobOf } from './blobBytes.ts';

/** `imageOrientation: 'none'` means from-image in all browsers: the tag is taken out of the file instead. */
const AS_STORED: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };
/** Enough for the header of most photos; those of cameras may hold a small picture, a profile and more. */
const HEAD_BYTES = [16 * 1024, 2 ** 20];

export const browserPhotoDecoder: PhotoDecoder = createPhotoDecoder();

/** A photo decoder with limits of one's choice. */
export function createPhotoDecoder(limits: ImportLimits = DEFAULT_LIMITS): PhotoDecoder {
  return { decode: (file) => decode(file, limits) };
}

async function decode(file: SourceFile, limits: ImportLimits): Promise<StoredPhoto> {
  const { path } = file;
  const opened = await blobOf(file);
  // The browser reads a dropped file by itself; only its first bytes are needed here. Odd sizes are `readWhole`'s to name.
  const dropped = opened !== null && opened.size > 0 && opened.size <= limits.maxFileBytes ? opened : null;
  const blob = dropped ?? new Blob([new Uint8Array(await readWhole(file, limits))]);
  const { head, header } = await readHead(blob, path, limits);
  // A PNG that claims too many pixels is refused before anything is inflated.
  const png = isPng(head) ? readPngHeader(head, path, limits) : null;
  const native = png?.bitDepth === 16 ? null : await decodeNatively(plain(blob, head, header), path, limits);
  const orientation = header?.orientation ?? 1;
  if (native !== null && (png === null || native.isOpaque)) return { ...native.image, orientation };
  // Our own reader names a fault exactly; and it reads what browsers disagree on (16 bits) or lose (colour under alpha).
  if (png !== null) return { ...decodePngPhoto(await readWhole(file, limits), path, limits), orientation };
  await readWhole(file, limits);
  throw undecodable(path, head);
}

async function readHead(
  blob: Blob,
  path: string,
  limits: ImportLimits,
): Promise<{ readonly head: Uint8Array; readonly header: PhotoHeader | null }> {
  let head = new Uint8Array(0);
  let header: PhotoHeader | null = null;
  for (const length of [...HEAD_BYTES, blob.size]) {
    head = new Uint8Array(await blob.slice(0, length).arrayBuffer());
    header = readPhotoHeader(head, path, limits);
    if (header !== null || length >= blob.size || !(isPng(head) || isJpeg(head))) break;
  }
  return { head, header };
}

/** The file without what browsers treat each in its own way. Firefox tells a picture's kind by its first piece: that is one piece. */
function plain(blob: Blob, head: Uint8Array, header: PhotoHeader | null): Blob {
  if (header === null || header.metadata.length === 0) return blob;
  const pieces = withoutMetadata(head, header);
  const kept = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    kept.set(piece, at);
    at += piece.length;
  }
  const rest = blob.size > head.length ? [blob.slice(head.length)] : [];
  return new Blob([kept, ...rest], { type: isPng(head) ? 'image/png' : 'image/jpeg' });
}

interface NativeImage {
  readonly image: RgbImage;
  readonly isOpaque: boolean;
}

/** Null if the browser cannot decode it, truncated files included. */
async function decodeNatively(blob: Blob, path: string, limits: ImportLimits): Promise<NativeImage | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, AS_STORED);
  } catch {
    // The reason is the same InvalidStateError for everything; the caller finds the real one.
    return null;
  }
  try {
    if (bitmap.width * bitmap.height > limits.maxPixels) throw tooManyPixels(path, bitmap, limits);
    return readPixels(bitmap);
  } finally {
    bitmap.close();
  }
}

let canvas: OffscreenCanvasRenderingContext2D | null = null;

/** A canvas in main memory, shared by all photos: drawing and reading happen in one go. */
function canvasOf({ width, height }: Size): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (canvas === null) {
    throw new StudioError(
      'internal.invariant',
      'This browser draws on no canvas in a worker, so photos cannot be decoded.',
      'Update the browser.',
    );
  }
  // Setting a size, even the same, clears the canvas.
  canvas.canvas.width = width;
  canvas.canvas.height = height;
  return canvas;
}

function readPixels(bitmap: ImageBitmap): NativeImage {
  const { width, height } = bitmap;
  const context = canvasOf(bitmap);
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  let alpha = 255;
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from] ?? 0;
    data[to + 1] = rgba[from + 1] ?? 0;
    data[to + 2] = rgba[from + 2] ?? 0;
    alpha &= rgba[from + 3] ?? 0;
  }
  return { image: { width, height, data }, isOpaque: alpha === 255 };
}

function undecodable(path: string, head: Uint8Array): StudioError {
  const isJpeg = head[0] === 0xff && head[1] === 0xd8;
  const format = /\.(?!png$|jpe?g$)([a-z0-9]+)$/i.exec(path)?.[1];
  if (!isJpeg && format !== undefined) {
    return new StudioError(
      'data.unsupported-format',
      `${path}: this browser cannot read ${format} pictures, or the file is damaged.`,
      'Convert the photos to PNG or JPEG.',
      { path, reason: 'format' },
    );
  }
  return new StudioError(
    'data.unreadable-file',
    isJpeg
      ? `${path}: the JPEG is damaged or cut off.`
      : `${path}: the content is neither PNG nor JPEG, whatever the name says.`,
    'Copy or export the file again; the import goes on without it.',
    { path, reason: isJpeg ? 'damaged' : 'not-a-picture' },
  );
}

function tooManyPixels(path: string, { width, height }: Size, { maxPixels }: ImportLimits): StudioError {
  return new StudioError(
    'data.unsupported-format',
    `${path}: ${width} x ${height} pixels; at most ${maxPixels} are read.`,
    'Scale the picture down.',
    { path, reason: 'too-many-pixels', width, height, maxPixels },
  );
}
