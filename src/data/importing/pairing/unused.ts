// What is said about files that play no part: one finding a reason, with how many there are and where the first lies.
import { StudioError } from '../../../domain/errors.ts';
import type { ImportIssue, UnusedCount, UnusedReason } from '../../../domain/importing.ts';
import { LAYOUTS } from '../../layouts/registry.ts';
import type { SourceFile } from '../../ports.ts';
import { issueOf } from '../importIssues.ts';
import type { Roles, UnusedFile } from './roles.ts';

const WHY: Readonly<Record<UnusedReason, string>> = {
  'not-a-picture': 'are no pictures',
  clutter: 'are what file managers and archivers leave behind',
  instances: 'tell objects apart, not classes',
  'other-modality': 'lie in folders of something else than photos and labels (depth, instances, reference photos)',
  'another-label-file': 'are further labels of photos that have labels already',
  'another-rendering': 'are further renderings of photos that are taken already',
  'another-naming': 'do not follow the names of the dataset that most photos belong to; they look like another one',
  'no-role': 'lie in folders of which nothing tells whether they hold photos or labels',
  'not-chosen': 'are in neither of the folders that were chosen',
  'test-split': 'are photos of the test split',
};

/** Reasons that may mean a loss; the others are as they should be, and are counted only. */
const WORRYING: ReadonlySet<UnusedReason> = new Set(['another-rendering', 'another-naming', 'no-role', 'test-split']);

/** How many files play no part, by reason. */
export function countUnused(unused: readonly UnusedFile[]): readonly UnusedCount[] {
  const counts = new Map<UnusedReason, { reason: UnusedReason; count: number; first: string }>();
  for (const { file, why } of unused) {
    const known = counts.get(why);
    if (known === undefined) counts.set(why, { reason: why, count: 1, first: file.path });
    else known.count++;
  }
  return [...counts.values()];
}

export function unusedIssue({ reason, count, first }: UnusedCount): ImportIssue {
  const message = `${count} files play no part: they ${WHY[reason]} (first: ${first}).`;
  return issueOf('data.unused-files', first, message, { reason, count });
}

export const isWorrying = ({ reason }: UnusedCount): boolean => WORRYING.has(reason);

/** Throws `data.empty-dataset` and `data.unknown-layout`. */
export function refuseUnknown(files: readonly SourceFile[], { photos, labels, open, unused }: Roles): void {
  if (photos.length > 0) return;
  if (unused.length === files.length && unused.every(({ why }) => why === 'clutter')) {
    throw new StudioError(
      'data.empty-dataset',
      'There are no files in what was dropped.',
      'Drop the folder that holds the images, or the zip file as it was downloaded.',
      { files: files.length },
    );
  }
  const examples = [...open, ...labels.map(({ file }) => file), ...unused.map(({ file }) => file)]
    .slice(0, 3)
    .map(({ path }) => path);
  const more = files.length > examples.length ? ', …' : '';
  const what = labels.length > 0 ? 'no photos, only labels' : 'nothing that tells which files are photos';
  throw new StudioError(
    'data.unknown-layout',
    `There is ${what} among these ${files.length} files (${examples.join(', ')}${more}).`,
    `Say which folder holds the photos and which the labels, or arrange them as in one of ${LAYOUTS.map(({ label }) => label).join(', ')}.`,
    { files: files.length, example: examples[0] ?? '' },
  );
}
