// What a weight file gave a network, in lines for people: how much, and everything that it did not.
import type { ImportReport } from '../../../engine/training/importPyTorch.ts';

/** Names of a kind that are listed; the rest is counted. */
const LISTED = 5;

export function importReport({ matched, missing, unexpected, refused }: ImportReport): string {
  return [
    `${matched.length} tensors taken over, ${unexpected.length} left over`,
    ...refused.map(({ name, reason }) => `refused: ${name} (${reason})`),
    ...named('not in the file', missing),
    ...named('in the file alone', unexpected),
  ].join('\n');
}

function named(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : '';
  return [`${what}: ${names.slice(0, LISTED).join(', ')}${more}`];
}
