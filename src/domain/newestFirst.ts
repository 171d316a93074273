// The order in which people look for what they made: runs and datasets alike.

interface Made {
  readonly createdAtMs: number;
  /** Counts what is made, where the store does: clocks stand still, and go back. */
  readonly order?: number;
}

/** A sorted copy. */
export function newestFirst<T extends Made>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (b.order ?? 0) - (a.order ?? 0) || b.createdAtMs - a.createdAtMs);
}

/** What the next one is counted. */
export function nextOrder(items: readonly Made[]): number {
  return 1 + items.reduce((last, { order = 0 }) => Math.max(last, order), 0);
}
