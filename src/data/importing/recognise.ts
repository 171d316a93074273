// The first question about a drop: how are its files named? Told from paths alone.
import { StudioError } from '../../domain/errors.ts';
import type { Naming } from '../layouts/core/layout.ts';
import { NAMINGS } from '../layouts/registry.ts';
import type { SourceFile } from '../ports.ts';
import { isClutter } from './paths.ts';

/** The most specific naming that the files follow. Throws `data.empty-dataset`, `data.unknown-layout`. */
export function recognise(files: readonly SourceFile[]): Naming {
  const paths = files.map(({ path }) => path);
  if (paths.every(isClutter)) {
    throw new StudioError(
      'data.empty-dataset',
      'There are no files in what was dropped.',
      'Drop the folder that holds the images, or the zip file as it was downloaded.',
      { files: paths.length },
    );
  }
  const naming = NAMINGS.find(({ matches }) => matches(paths));
  if (naming !== undefined) return naming;
  const examples = paths.slice(0, 3);
  throw new StudioError(
    'data.unknown-layout',
    `None of the known layouts fits these ${paths.length} files (${examples.join(', ')}${paths.length > 3 ? ', …' : ''}).`,
    `Looked for: ${NAMINGS.map(({ lookedFor }) => lookedFor).join('; ')}.`,
    { files: paths.length, example: examples[0] ?? '' },
  );
}
