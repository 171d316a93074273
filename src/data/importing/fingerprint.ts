// A 64-bit name for a set of files: two FNV-1a style lanes over sorted paths and the sizes that are known. It recognises the same drop
// after a reload; it is no proof against someone who wants two sets to collide.

import type { ImportChoices } from '../../domain/importing.ts';
import type { SourceFile } from '../ports.ts';
import { byCodeUnits } from './paths.ts';

type Listed = Pick<SourceFile, 'path' | 'sizeBytes'>;

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

/** 16 hexadecimal digits that depend on the paths and sizes, not on their order, and on what a person said about them. */
export function fingerprint(files: readonly Listed[], choices: ImportChoices = {}): string {
  const said = Object.entries(choices).sort(([a], [b]) => byCodeUnits(a, b));
  const lines = files.map(({ path, sizeBytes }) => `${path}\n${sizeBytes ?? ''}\n`).sort(byCodeUnits);
  if (said.length > 0) lines.push(JSON.stringify(said));
  return folded(lines);
}

function folded(lines: readonly string[]): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      const unit = line.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x85ebca6b);
      b ^= b >>> 13;
    }
  }
  return hex(a ^ (a >>> 16)) + hex(b ^ (b >>> 16));
}

/** What {@link withSizes} begins with. */
export const NO_SIZES = '';

/** The sizes of further files, after those before. */
export const withSizes = (before: string, sizes: readonly number[]): string => folded([before, sizes.join()]);

/** 0 for a file that cannot be opened. */
export const sizeOf = async (file: SourceFile): Promise<number> =>
  file.sizeBytes ?? (await file.askSize?.().catch(() => 0)) ?? 0;
