// The one place where exports become files.
import { join } from 'node:path';
import { writeWhole } from '../storage/writtenFiles.ts';
import type { ExportParts, ExportSubject } from './core/defineExport.ts';
import { exportsOf } from './registry.ts';

/** Writes every file that there is of `subject` into `directory`. */
export async function writeExports<Of extends ExportSubject>(
  subject: Of,
  directory: string,
  parts: ExportParts[Of],
): Promise<void> {
  for (const { fileName, contents } of exportsOf(subject)) {
    const file = contents(parts);
    if (file !== null) await writeWhole(join(directory, fileName), file);
  }
}

/** Writes the export `id` of `subject` to `path`, whatever the path is called. */
export async function writeExport<Of extends ExportSubject>(
  subject: Of,
  id: string,
  path: string,
  parts: ExportParts[Of],
): Promise<void> {
  const file = exportsOf(subject)
    .find((candidate) => candidate.id === id)
    ?.contents(parts);
  if (file != null) await writeWhole(path, file);
}
