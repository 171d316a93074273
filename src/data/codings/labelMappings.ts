// What the values in label files mean: every coding that the importer knows, as tables to Cityscapes train ids.
// The tables follow Cityscapes' labels.py (MIT), the GTA5 label format and the CamVid colour list.
import { CLASSES, IGNORE, TRAIN_ID_OF_LABEL_ID } from '../../domain/classes.ts';

export type LabelMappingId =
  | 'train-ids'
  | 'cityscapes-ids'
  | 'gta5'
  | 'cityscapes-colours'
  | 'camvid-11'
  | 'camvid-32-colours';

/** Table entry of a value that the coding does not define. Not a train id, and not {@link IGNORE}. */
export const UNDEFINED_LABEL = 254;

export interface LabelMapping {
  readonly id: LabelMappingId;
  /** Train id, {@link IGNORE} or {@link UNDEFINED_LABEL} of each byte of a one-channel label; null if only colours carry meaning. */
  readonly values: Uint8Array | null;
  /** Train id or {@link IGNORE} by colour (red * 65536 + green * 256 + blue); null if colours carry no meaning. */
  readonly colours: ReadonlyMap<number, number> | null;
}

export const rgbKey = (red: number, green: number, blue: number): number => red * 65_536 + green * 256 + blue;

function valueTable(defined: Iterable<readonly [value: number, trainId: number]>): Uint8Array {
  const table = new Uint8Array(256).fill(UNDEFINED_LABEL);
  for (const [value, trainId] of defined) table[value] = trainId;
  table[IGNORE] = IGNORE;
  return table;
}

type ColourRow = readonly [red: number, green: number, blue: number, trainId: number];
const colourTable = (rows: readonly ColourRow[]): ReadonlyMap<number, number> =>
  new Map(rows.map(([red, green, blue, trainId]) => [rgbKey(red, green, blue), trainId]));

/** Cityscapes ids run to 33; the licence plate is 34 in GTA5 and -1, as a byte 255, in Cityscapes. */
const labelIds = valueTable(Array.from({ length: 35 }, (_, id) => [id, TRAIN_ID_OF_LABEL_ID[id] ?? IGNORE]));

/**
 * Colours are ambiguous where indices are not: polegroup looks like pole and GTA5's licence plate like car. They fall
 * to the trained class, which is why indices are read wherever the file has them.
 */
const cityscapesColours = colourTable([
  [0, 0, 0, IGNORE], // unlabelled, ego vehicle, rectification border, out of roi, static
  [20, 20, 20, IGNORE], // static in GTA5
  [111, 74, 0, IGNORE], // dynamic
  [81, 0, 81, IGNORE], // ground
  [250, 170, 160, IGNORE], // parking
  [230, 150, 140, IGNORE], // rail track
  [180, 165, 180, IGNORE], // guard rail
  [150, 100, 100, IGNORE], // bridge
  [150, 120, 90, IGNORE], // tunnel
  [0, 0, 90, IGNORE], // caravan
  [0, 0, 110, IGNORE], // trailer
  ...CLASSES.map(({ rgb: [red, green, blue], trainId }): ColourRow => [red, green, blue, trainId]),
]);

/**
 * CamVid's eleven classes (SegNet order): sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian,
 * bicyclist, void. Bicyclist merges rider and bicycle, which Cityscapes keeps apart: it is ignored.
 */
const camvid11 = valueTable(
  [10, 2, 5, 0, 1, 8, 7, 4, 13, 11, IGNORE, IGNORE].map((trainId, value) => [value, trainId]),
);

const camvid32Colours = colourTable([
  [128, 128, 128, 10], // sky
  [128, 0, 0, 2], // building
  [0, 128, 64, IGNORE], // bridge
  [192, 0, 128, 2], // archway
  [64, 0, 64, IGNORE], // tunnel
  [64, 192, 0, 3], // wall
  [192, 192, 128, 5], // column, pole
  [0, 0, 64, IGNORE], // traffic cone
  [128, 64, 128, 0], // road
  [128, 0, 192, 0], // lane markings, driving
  [192, 0, 64, 0], // lane markings, other
  [128, 128, 192, IGNORE], // road shoulder
  [0, 0, 192, 1], // sidewalk
  [64, 192, 128, IGNORE], // parking block
  [128, 128, 0, 8], // tree
  [192, 192, 0, 9], // other vegetation
  [192, 128, 128, 7], // sign
  [128, 128, 64, IGNORE], // text
  [0, 64, 64, 6], // traffic light
  [64, 64, 128, 4], // fence
  [64, 0, 128, 13], // car
  [64, 128, 192, 13], // pick-up and SUV
  [192, 128, 192, IGNORE], // truck and bus, not told apart
  [192, 64, 128, 16], // train
  [128, 64, 64, IGNORE], // other moving
  [64, 64, 0, 11], // pedestrian
  [192, 128, 64, 11], // child
  [64, 0, 192, IGNORE], // cart, luggage, pram
  [64, 128, 64, IGNORE], // animal
  [0, 128, 192, IGNORE], // bicyclist: rider and bicycle, not told apart
  [192, 0, 192, 17], // motorcycle, scooter
  [0, 0, 0, IGNORE], // void
  [60, 40, 222, 1], // pavement in SegNet's display palette
  [255, 69, 0, 0], // road marking in SegNet's display palette
]);

export const LABEL_MAPPINGS: Readonly<Record<LabelMappingId, LabelMapping>> = {
  'train-ids': {
    id: 'train-ids',
    values: valueTable(CLASSES.map(({ trainId }) => [trainId, trainId])),
    colours: null,
  },
  'cityscapes-ids': { id: 'cityscapes-ids', values: labelIds, colours: cityscapesColours },
  gta5: { id: 'gta5', values: labelIds, colours: cityscapesColours },
  'cityscapes-colours': { id: 'cityscapes-colours', values: null, colours: cityscapesColours },
  'camvid-11': { id: 'camvid-11', values: camvid11, colours: camvid32Colours },
  'camvid-32-colours': { id: 'camvid-32-colours', values: null, colours: camvid32Colours },
};
