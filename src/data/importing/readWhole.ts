// Reading a visitor's file with its limits checked first.
import { StudioError } from '../../domain/errors.ts';
import type { SourceFile } from '../ports.ts';
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts';

/** All bytes of a file. Throws `data.unreadable-file` (empty, or the read fails) and `data.unsupported-format` (too large). */
export async function readWhole(file: SourceFile, limits: ImportLimits = DEFAULT_LIMITS): Promise<Uint8Array> {
  const { path, sizeBytes } = file;
  if (sizeBytes !== null && sizeBytes > limits.maxFileBytes) {
    throw new StudioError(
      'data.unsupported-format',
      `${path}: ${sizeBytes} bytes are more than the ${limits.maxFileBytes} a picture may have.`,
      'Check whether this is a picture at all, or scale it down.',
      { path, reason: 'too-many-bytes', sizeBytes },
    );
  }
  const advice = 'Check that the file is still there and not in use, then drop the folder again.';
  let bytes: Uint8Array;
  try {
    bytes = await file.bytes();
  } catch (error) {
    if (error instanceof StudioError) throw error;
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new StudioError(
      'data.unreadable-file',
      `${path} could not be read (${cause}).`,
      advice,
      { path, reason: 'read-failed' },
      error,
    );
  }
  if (bytes.length === 0) {
    throw new StudioError('data.unreadable-file', `${path} is empty (0 bytes).`, advice, { path, reason: 'empty' });
  }
  return bytes;
}
