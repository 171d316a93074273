// Keeps some training pairs back for validation where a dataset brings no validation split of its own.
import { RandomStream } from '../../domain/rng.ts';
import type { Pair } from './plan.ts';

/**
 * Moves `share` of the labelled training pairs (rounded, at least one if the share is above 0) to validation; the
 * order stays. The choice depends on the seed and the number of pairs alone. Nothing moves if there is a validation
 * split already.
 */
export function holdOut(pairs: readonly Pair[], share: number, seed = 0): readonly Pair[] {
  const labelled = pairs.flatMap(({ labels }, index) => (labels === null ? [] : [index]));
  if (share <= 0 || labelled.length < 2 || pairs.some(({ split }) => split === 'val')) return pairs;
  const count = Math.min(labelled.length - 1, Math.max(1, Math.round(labelled.length * share)));
  const order = new RandomStream(seed, 'hold-out').permutation(labelled.length);
  const heldOut = new Set(Array.from(order.subarray(0, count), (position) => labelled[position]));
  return pairs.map((pair, index) => (heldOut.has(index) ? { ...pair, split: 'val' } : pair));
}
