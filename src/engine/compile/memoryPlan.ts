// Which intermediates of a program may share a buffer: those that are never needed at the same time. Plain arithmetic on
// sizes and lifetimes. Buffers are shared whole, not cut into ranges, because WebGPU forbids one dispatch to read and write
// different ranges of the same buffer.

/** One intermediate: needed from command `first` to command `last`, both inclusive. */
export interface Lifetime {
  readonly sizeBytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** For each lifetime, in their order, the buffer that it gets. */
  readonly bufferOf: readonly number[];
  readonly bufferBytes: readonly number[];
  readonly totalBytes: number;
  /** What is alive at the same time at most: no plan can do with less. */
  readonly lowerBoundBytes: number;
}

interface Shared {
  readonly sizeBytes: number;
  readonly tenants: Lifetime[];
}

/**
 * Greedy by size with shared objects (Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference"):
 * the largest first, each into the buffer whose other tenants leave it the tightest gap in time, else into a new one.
 */
export function planMemory(lifetimes: readonly Lifetime[]): MemoryPlan {
  const order = lifetimes.map((_, i) => i).sort((a, b) => sizeOf(lifetimes, b) - sizeOf(lifetimes, a) || a - b);
  const buffers: Shared[] = [];
  const bufferOf = new Array<number>(lifetimes.length).fill(-1);
  for (const i of order) {
    const lifetime = lifetimes[i];
    if (lifetime === undefined) continue;
    let best = -1;
    let tightest = Number.POSITIVE_INFINITY;
    for (const [b, { tenants }] of buffers.entries()) {
      const gap = gapAround(lifetime, tenants);
      if (gap < tightest) {
        best = b;
        tightest = gap;
      }
    }
    if (best === -1) {
      best = buffers.length;
      buffers.push({ sizeBytes: lifetime.sizeBytes, tenants: [] });
    }
    buffers[best]?.tenants.push(lifetime);
    bufferOf[i] = best;
  }
  const bufferBytes = buffers.map(({ sizeBytes }) => sizeBytes);
  return {
    bufferOf,
    bufferBytes,
    totalBytes: bufferBytes.reduce((sum, bytes) => sum + bytes, 0),
    lowerBoundBytes: mostAlive(lifetimes),
  };
}

function sizeOf(lifetimes: readonly Lifetime[], i: number): number {
  return lifetimes[i]?.sizeBytes ?? 0;
}

/** Commands between `lifetime` and its nearest neighbour in time; infinite if it meets one of them. */
function gapAround({ first, last }: Lifetime, tenants: readonly Lifetime[]): number {
  let gap = Number.MAX_SAFE_INTEGER;
  for (const other of tenants) {
    if (other.first <= last && first <= other.last) return Number.POSITIVE_INFINITY;
    gap = Math.min(gap, other.first > last ? other.first - last : first - other.last);
  }
  return gap;
}

function mostAlive(lifetimes: readonly Lifetime[]): number {
  const changes = new Map<number, number>();
  const change = (at: number, bytes: number): void => {
    changes.set(at, (changes.get(at) ?? 0) + bytes);
  };
  for (const { first, last, sizeBytes } of lifetimes) {
    change(first, sizeBytes);
    change(last + 1, -sizeBytes);
  }
  let alive = 0;
  let most = 0;
  for (const at of [...changes.keys()].sort((a, b) => a - b)) {
    alive += changes.get(at) ?? 0;
    most = Math.max(most, alive);
  }
  return most;
}
