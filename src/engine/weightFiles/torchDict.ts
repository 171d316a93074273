// The tensors in what a PyTorch file holds: dictionaries within dictionaries, flattened to names with dots.
import type { PickleValue } from './pickle.ts';
import type { WeightTensor } from './tensors.ts';
import { type ReadStorage, TorchTensor } from './torchTensor.ts';

/** What is nested deeper is no state_dict; a pickle may nest without end. */
const MAX_DEPTH = 12;

/** By name; a dictionary that stands in the file twice is taken once. */
export function tensorsIn(root: PickleValue, read: ReadStorage): ReadonlyMap<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  const seen = new Set<PickleValue>();
  const visit = (value: PickleValue, path: readonly string[]): void => {
    if (value instanceof TorchTensor) {
      tensors.set(path.join('.'), value.opened(path.slice(0, -1).join('.'), read));
      return;
    }
    if (path.length >= MAX_DEPTH || seen.has(value)) return;
    if (value instanceof Map || Array.isArray(value)) {
      seen.add(value);
      for (const [key, item] of value.entries()) {
        if (typeof key === 'string' || typeof key === 'number') visit(item, [...path, String(key)]);
      }
    }
  };
  visit(root, []);
  return tensors;
}
