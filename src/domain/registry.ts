// What there is of a kind, found by folder: a registry is a glob over modules and this list made of them.
import { invariant, StudioError } from './errors.ts';
import { didYouMean } from './nearest.ts';

export interface Registry<Entry> {
  /** In the order of `compare`; by id where there is none. */
  readonly list: readonly Entry[];
  /** Throws `config.invalid` for an id that is not listed. */
  entry(id: string): Entry;
}

/** A registry of `entries`, called `kind` in messages. Throws `internal.invariant` where two have one id. */
export function registryOf<Entry>(
  kind: string,
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
  compare: (a: Entry, b: Entry) => number = () => 0,
): Registry<Entry> {
  const list = [...entries].sort((a, b) => compare(a, b) || (idOf(a) < idOf(b) ? -1 : 1));
  const byId = new Map(list.map((entry) => [idOf(entry), entry]));
  invariant(byId.size === list.length, () => `Two of kind "${kind}" have the same id: ${list.map(idOf).join(', ')}.`);
  return {
    list,
    entry: (id) => {
      const entry = byId.get(id);
      if (entry !== undefined) return entry;
      const known = [...byId.keys()];
      const advice = `${didYouMean(id, known)}Choose one of: ${known.join(', ')}.`;
      throw new StudioError('config.invalid', `There is no ${kind} "${id}".`, advice, { [kind]: id });
    },
  };
}
