// Cityscapes' label ids and colours, which GTA5 shares. They follow Cityscapes' labels.py (MIT).
import { CITYSCAPES_CLASSES, IGNORE, TRAIN_ID_OF_LABEL_ID } from '../../../domain/classes.ts';
import { type ColourRow, colourTable, valueTable } from './coding.ts';

/** Cityscapes ids run to 33; the licence plate is 34 in GTA5 and -1, as a byte 255, in Cityscapes. */
export const labelIds = valueTable(Array.from({ length: 35 }, (_, id) => [id, TRAIN_ID_OF_LABEL_ID[id] ?? IGNORE]));

/**
 * Colours are ambiguous where indices are not: polegroup looks like pole and GTA5's licence plate like car. They fall
 * to the trained class, which is why indices are read wherever the file has them.
 */
export const cityscapesColours = colourTable([
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
  ...CITYSCAPES_CLASSES.map(({ rgb: [red, green, blue], trainId }): ColourRow => [red, green, blue, trainId]),
]);
