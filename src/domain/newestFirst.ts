// The order in which people look for what they made: runs and datasets alike.

/** A sorted copy. */
export function newestFirst<T extends { readonly createdAtMs: number }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
}
