// Decodes photos in Node: PNG through the data room's own reader, JPEG through jpeg-js. No colour management, and the turn that
// EXIF asks for is told, not done: whether it is right depends on the labels.
import jpeg from 'jpeg-js';
import { decodePngPhoto, isPng } from '../../data/decode/decodePng.ts';
import { isJpeg, readPhotoHeader } from '../../data/decode/photoHeader.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../../data/importing/limits.ts';
import { readWhole } from '../../data/importing/readWhole.ts';
import type { PhotoDecoder, SourceFile, StoredPhoto } from '../../data/ports.ts';
import { StudioError } from '../../domain/errors.ts';

function decodeJpeg(bytes: Uint8Array, path: string, limits: ImportLimits): StoredPhoto {
  const header = readPhotoHeader(bytes, path, limits);
  if (header === null) throw damagedJpeg(path, 'it ends before its pixels');
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      ...(header.isRgbJpeg ? { colorTransform: false } : {}),
      maxResolutionInMP: limits.maxPixels / 1e6,
      maxMemoryUsageInMB: 2048,
    });
    return { width, height, data, orientation: header.orientation };
  } catch (error) {
    throw damagedJpeg(path, error instanceof Error ? error.message : String(error), error);
  }
}

const damagedJpeg = (path: string, why: string, cause?: unknown): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: the JPEG is damaged (${why}).`,
    'Copy or export the file again; the import goes on without it.',
    { path, reason: 'damaged' },
    cause,
  );

function decodePng(bytes: Uint8Array, path: string, limits: ImportLimits): StoredPhoto {
  const orientation = readPhotoHeader(bytes, path, limits)?.orientation ?? 1;
  return { ...decodePngPhoto(bytes, path, limits), orientation };
}

function decodeBytes(bytes: Uint8Array, path: string, limits: ImportLimits): StoredPhoto {
  if (isPng(bytes)) return decodePng(bytes, path, limits);
  if (isJpeg(bytes)) return decodeJpeg(bytes, path, limits);
  const known = /\.(webp|avif|bmp)$/i.exec(path);
  if (known === null) {
    throw new StudioError(
      'data.unreadable-file',
      `${path}: the content is neither PNG nor JPEG, whatever the name says.`,
      'Copy or export the file again; the import goes on without it.',
      { path, reason: 'not-a-picture' },
    );
  }
  throw new StudioError(
    'data.unsupported-format',
    `${path}: the command line reads PNG and JPEG, not ${known[1]}.`,
    'Convert the photos, or import them in the browser.',
    { path, reason: 'format' },
  );
}

/** A photo decoder with limits of one's choice. */
export function createPhotoDecoder(limits: ImportLimits = DEFAULT_LIMITS): PhotoDecoder {
  return {
    async decode(file: SourceFile): Promise<StoredPhoto> {
      return decodeBytes(await readWhole(file, limits), file.path, limits);
    },
  };
}

export const nodePhotoDecoder: PhotoDecoder = createPhotoDecoder();
