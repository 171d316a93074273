// Looking up by a key that came from outside: a link, a command line, a file, a recipe. A plain lookup also finds what every
// object inherits (`constructor`, `toString`, `__proto__`), and takes it for an entry.

/** The entry that `record` itself has; undefined where it has none. */
export function ownEntry<Value>(record: { readonly [key: string]: Value } | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The first key anywhere in `value`, plain data, that objects inherit: libraries pass such keys over, and what was said is lost. */
export function inheritedKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = key in Object.prototype ? key : inheritedKey(inner);
    if (found !== null) return found;
  }
  return null;
}
