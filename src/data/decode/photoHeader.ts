// The size of a photo from its header, so that a host can refuse a picture before its decoder takes memory for it.
import type { Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import { isPng, readPngHeader } from './decodePng.ts';

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** SOF0 to SOF15 carry the frame's size; C4, C8 and CC of that range are other segments (ITU T.81, table B.1). */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Width and height of a JPEG from its frame header, or null if it has none. */
export function readJpegSize(bytes: Uint8Array): Size | null {
  const pair = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (isFrameHeader(marker)) return { width: pair(at + 7), height: pair(at + 5) };
    // A second 0xff is fill; every other segment before the frame header tells its length.
    at += marker === 0xff ? 1 : 2 + pair(at + 2);
  }
  return null;
}

/**
 * Checks a photo's header: throws `data.unsupported-format` above the pixel limit, and `data.unreadable-file` for a
 * PNG or JPEG without a valid header. Formats that it does not know pass.
 */
export function checkPhotoHeader(bytes: Uint8Array, path: string, limits: ImportLimits = DEFAULT_LIMITS): void {
  if (isPng(bytes)) {
    readPngHeader(bytes, path, limits);
  } else if (isJpeg(bytes)) {
    const size = readJpegSize(bytes);
    if (size === null || size.width === 0) {
      throw new StudioError(
        'data.unreadable-file',
        `${path}: the JPEG ends within its header.`,
        'Copy or export the file again; the import goes on without it.',
        { path, reason: 'truncated' },
      );
    }
    const { width, height } = size;
    if (width * height <= limits.maxPixels) return;
    throw new StudioError(
      'data.unsupported-format',
      `${path}: the JPEG claims ${width} x ${height} pixels; at most ${limits.maxPixels} are read.`,
      'Scale the picture down, or check whether the file is damaged.',
      { path, reason: 'too-many-pixels', width, height, maxPixels: limits.maxPixels },
    );
  }
}
