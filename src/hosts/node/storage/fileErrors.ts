// What the system says of files, as the studio's errors: the one place that knows its codes. A path that cannot be used is the
// person's to correct, never a defect.
import { StudioError } from '../../../domain/errors.ts';

/** `ENOENT` and its like; null for what does not come from the system. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code)
    ? error.code
    : null;
}

const MISSING: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];
const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Nothing is there. */
export const isMissing = (error: unknown): boolean => MISSING.includes(systemCode(error));
/** No room is left, or no more is granted. */
export const isFull = (error: unknown): boolean => FULL.includes(systemCode(error));

/** For `catch`: what stands for a file that is not there. Any other error is thrown as {@link readError}. */
export const whenMissing =
  <T>(path: string, value: T) =>
  (error: unknown): T => {
    if (isMissing(error)) return value;
    throw readError(path, error);
  };

/** Why `path` cannot be read: `data.not-found` or `data.unreadable-file`. What does not come from the system is given back. */
export function readError(path: string, error: unknown): unknown {
  const reason = systemCode(error);
  if (reason === null) return error;
  const context = { path, reason };
  if (isMissing(error)) {
    return new StudioError('data.not-found', `${path} does not exist.`, 'Check the path.', context, error);
  }
  if (reason === 'EISDIR') {
    return new StudioError('data.not-found', `${path} is a folder.`, 'Name a file in it.', context, error);
  }
  const advice = 'Give yourself permission to read it, or choose another.';
  return new StudioError('data.unreadable-file', `${path} cannot be read (${reason}).`, advice, context, error);
}

/** Why `path` cannot be written: `storage.quota` or `storage.unavailable`. What does not come from the system is given back. */
export function writeError(path: string, error: unknown): unknown {
  const reason = systemCode(error);
  if (reason === null) return error;
  const context = { path, reason };
  if (isFull(error)) {
    const advice = 'Make room, then give the same command again; nothing half-written is left.';
    return new StudioError('storage.quota', `The disk is full: ${path} is not written.`, advice, context, error);
  }
  const advice = 'Give yourself permission to write there, or choose another place.';
  return new StudioError('storage.unavailable', `${path} cannot be written (${reason}).`, advice, context, error);
}
