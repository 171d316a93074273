// Why an archive is not opened, each with what to do about it.
import { StudioError } from '../../../domain/errors.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../limits.ts';

const UNPACK_IT = 'Unpack it yourself and drop the folder.';

type Values = Readonly<Record<string, string | number>>;

export const tooLarge = (path: string, reason: string, what: string, context: Values = {}): StudioError =>
  new StudioError('data.archive-too-large', `${path}: ${what}`, `If you trust the archive: ${UNPACK_IT}`, {
    path,
    reason,
    ...context,
  });

export const unsupported = (path: string, reason: string, what: string, advice = UNPACK_IT, context: Values = {}) =>
  new StudioError('data.unsupported-format', `${path}: ${what}`, advice, { path, reason, ...context });

/** Any failure while an archive is read, as what it says about the archive; what is named already stays as it is. */
export function damaged(path: string, error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const cause = error instanceof Error ? error.message : String(error);
  return new StudioError(
    'data.unreadable-file',
    `${path}: the archive cannot be read (${cause}).`,
    'It is damaged or incomplete: download it again.',
    { path, reason: 'damaged-archive' },
    error,
  );
}

/** Throws `data.archive-too-large` for what grows out of all proportion or beyond any use. */
export function checkGrowth(
  path: string,
  packedBytes: number,
  unpackedBytes: number,
  entry = path,
  limits: ImportLimits = DEFAULT_LIMITS,
): void {
  if (unpackedBytes > limits.maxArchiveBytes) {
    const what = `${unpackedBytes} bytes when unpacked; at most ${limits.maxArchiveBytes} are read.`;
    throw tooLarge(path, 'total-bytes', what, { totalBytes: unpackedBytes });
  }
  const expansion = unpackedBytes / Math.max(1, packedBytes);
  if (unpackedBytes > limits.expansionFloorBytes && expansion > limits.maxExpansion) {
    const what = `${entry} grows ${Math.round(expansion)} times, to ${unpackedBytes} bytes or more, when unpacked.`;
    throw tooLarge(path, 'expansion', what, { entry, uncompressedBytes: unpackedBytes });
  }
}

/** Throws `data.archive-too-large` where there are more entries than anyone's dataset has. */
export function checkEntries(path: string, entries: number, limits: ImportLimits): void {
  if (entries <= limits.maxArchiveEntries) return;
  const what = `${entries} entries or more; at most ${limits.maxArchiveEntries} are read.`;
  throw tooLarge(path, 'entries', what, { entries });
}
