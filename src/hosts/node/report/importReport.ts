// What a weight file gave a network, in lines for people: how much, and everything that it did not.
import type { ImportReport } from '../../../engine/training/importPyTorch.ts';

/** Names of a kind that are listed; the rest is counted. */
const LISTED = 5;

export function importReport(report: ImportReport): string {
  const { entry, others, matched, missing, unexpected, otherTypes, refused } = report;
  return [
    `${matched.length} tensors taken over, ${unexpected.length} left over`,
    ...(entry === '' ? [] : [`taken from: ${entry}`]),
    ...named(
      'would fit, too (FILE#NAME takes it)',
      others.filter((name) => name !== ''),
    ),
    ...refused.map(({ name, reason, detail }) => `refused: ${name} (${reason}${detail && `: ${detail}`})`),
    ...named('not in the file', missing),
    ...named('in the file alone', unexpected),
    ...named(
      'passed over for their type',
      otherTypes.map(({ name, type }) => `${name} (${type})`),
    ),
  ].join('\n');
}

function named(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
  return [`${what}: ${names.slice(0, LISTED).join(', ')}${more}`];
}
