// Cityscapes' label names with their ids, as its polygons use them. They follow Cityscapes' labels.py (MIT).
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';

const VOID_IDS: Readonly<Record<string, number>> = {
  unlabeled: 0,
  'ego vehicle': 1,
  'rectification border': 2,
  'out of roi': 3,
  static: 4,
  dynamic: 5,
  ground: 6,
  parking: 9,
  'rail track': 10,
  'guard rail': 14,
  bridge: 15,
  tunnel: 16,
  polegroup: 18,
  caravan: 29,
  trailer: 30,
  'license plate': -1,
};

const IDS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(VOID_IDS),
  ...CITYSCAPES_CLASSES.map(({ name, labelId }) => [name, labelId] as const),
]);

/** Label id of a name, -1 for what is not drawn; null if there is no such name. A group of things (`cargroup`) counts as the thing. */
export function cityscapesId(name: string): number | null {
  return IDS.get(name) ?? IDS.get(name.replace(/group$/, '')) ?? null;
}
