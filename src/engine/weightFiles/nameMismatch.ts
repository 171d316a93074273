// Names of either side where a file and a network do not meet: enough to see what the difference is.

/** So many of either side are shown. */
const SHOWN = 3;

/** Sentences: what is wanted, with the nearest name of the file for each, and what else the file has. */
export function nameMismatch(wanted: readonly string[], found: readonly string[]): string {
  const shown = wanted.slice(0, SHOWN);
  if (found.length === 0) return `The network wants ${listed(shown, wanted.length)}; the file has nothing else.`;
  const pairs = shown.map((name) => `${name} (nearest in the file: ${nearest(name, found)})`);
  return `The network wants ${listed(pairs, wanted.length)}; the file has ${listed(found.slice(0, SHOWN), found.length)}.`;
}

function listed(names: readonly string[], of: number): string {
  return `${names.join(', ')}${of > names.length ? ` and ${of - names.length} more` : ''}`;
}

function nearest(name: string, others: readonly string[]): string {
  const pieces = pairsOfLetters(name);
  const parts = name.split('.').reverse();
  let best = '';
  let bestScore = -1;
  for (const other of others) {
    const theirs = other.split('.').reverse();
    const common = parts.findIndex((part, i) => part !== theirs[i]);
    const score = (common < 0 ? parts.length : common) + alike(pieces, pairsOfLetters(other));
    if (score > bestScore) [best, bestScore] = [other, score];
  }
  return best;
}

const pairsOfLetters = (text: string): ReadonlySet<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));

/** Dice's coefficient, 0 to 1. */
function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const piece of a) if (b.has(piece)) common += 1;
  return (2 * common) / Math.max(1, a.size + b.size);
}
