// What a stored description of a dataset has to have so that lists and forms can show it: one that was damaged, or that another
// version wrote, is passed over and named, and the others are none the worse for it.
import * as v from 'valibot';
import type { DatasetInfo } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const split = v.looseObject({ tiles: count, labelled: count });
const storedDataset = v.looseObject({
  id: v.string(),
  name: v.string(),
  size: v.looseObject({ width: count, height: count }),
  splits: v.looseObject({ train: split, val: split }),
  classPixels: v.array(v.number()),
  classes: v.optional(v.array(v.looseObject({ name: v.string(), rgb: v.array(v.number()) }))),
  sizeBytes: v.number(),
  createdAtMs: v.number(),
});

/** Null for one that can be used; else what to tell. */
export function whyUnreadable(stored: DatasetInfo): StudioError | null {
  const parsed = v.safeParse(storedDataset, stored);
  if (parsed.success) return null;
  const id = String((stored as { readonly id?: unknown } | null)?.id);
  const field = v.getDotPath(parsed.issues[0]) ?? '';
  return new StudioError(
    'storage.corrupt',
    `What is stored of dataset ${id} does not describe a dataset (${field}).`,
    'It is passed over; the other datasets and all runs are not touched. Import its files again.',
    { datasetId: id, field },
  );
}
