// The 19 Cityscapes evaluation classes: names, ids, colours. Cityscapes labels.py (MIT) is the source of the table.

/** One evaluation class. `labelId` is the id in Cityscapes and GTA5 label files. */
export interface SegmentationClass {
  readonly trainId: number;
  readonly name: string;
  readonly labelId: number;
  /** Official Cityscapes colour, sRGB 0..255. */
  readonly rgb: readonly [number, number, number];
  readonly category: 'flat' | 'construction' | 'object' | 'nature' | 'sky' | 'human' | 'vehicle';
}

/** Label value that losses and metrics skip. */
export const IGNORE = 255;

type Row = readonly [string, number, readonly [number, number, number], SegmentationClass['category']];
const rows: readonly Row[] = [
  ['road', 7, [128, 64, 128], 'flat'],
  ['sidewalk', 8, [244, 35, 232], 'flat'],
  ['building', 11, [70, 70, 70], 'construction'],
  ['wall', 12, [102, 102, 156], 'construction'],
  ['fence', 13, [190, 153, 153], 'construction'],
  ['pole', 17, [153, 153, 153], 'object'],
  ['traffic light', 19, [250, 170, 30], 'object'],
  ['traffic sign', 20, [220, 220, 0], 'object'],
  ['vegetation', 21, [107, 142, 35], 'nature'],
  ['terrain', 22, [152, 251, 152], 'nature'],
  ['sky', 23, [70, 130, 180], 'sky'],
  ['person', 24, [220, 20, 60], 'human'],
  ['rider', 25, [255, 0, 0], 'human'],
  ['car', 26, [0, 0, 142], 'vehicle'],
  ['truck', 27, [0, 0, 70], 'vehicle'],
  ['bus', 28, [0, 60, 100], 'vehicle'],
  ['train', 31, [0, 80, 100], 'vehicle'],
  ['motorcycle', 32, [0, 0, 230], 'vehicle'],
  ['bicycle', 33, [119, 11, 32], 'vehicle'],
];

/** The classes in train-id order. */
export const CLASSES: readonly SegmentationClass[] = rows.map(([name, labelId, rgb, category], trainId) => ({
  trainId,
  name,
  labelId,
  rgb,
  category,
}));

export const CLASS_COUNT = CLASSES.length;

/** Look-up from any label byte in Cityscapes or GTA5 label files to a train id; ids that are not evaluated become {@link IGNORE}. */
export const TRAIN_ID_OF_LABEL_ID: Uint8Array = (() => {
  const table = new Uint8Array(256).fill(IGNORE);
  for (const { labelId, trainId } of CLASSES) table[labelId] = trainId;
  return table;
})();
