// Which classes a dataset's labels tell apart: the 19 of Cityscapes, or 1 to 64 of one's own. Labels, losses, scores and
// pictures hold a class's index in its set. Cityscapes' table follows its labels.py (MIT).
import { StudioError } from './errors.ts';

export interface SegmentationClass {
  readonly name: string;
  /** sRGB, 0..255: its colour in every picture. */
  readonly rgb: readonly [red: number, green: number, blue: number];
}

/** In the order of their indices. Two sets are the same where names and order are. */
export type ClassSet = readonly SegmentationClass[];

/** A class of Cityscapes: its index is its train id. */
export interface CityscapesClass extends SegmentationClass {
  readonly trainId: number;
  /** The id in Cityscapes and GTA5 label files. */
  readonly labelId: number;
}

/** Label value that losses and metrics skip. */
export const IGNORE = 255;

/** Kernels keep one number a class in registers, and label bytes above stay free for what is no class. */
export const MAX_CLASSES = 64;

type Row = readonly [name: string, labelId: number, rgb: SegmentationClass['rgb']];
const rows: readonly Row[] = [
  ['road', 7, [128, 64, 128]],
  ['sidewalk', 8, [244, 35, 232]],
  ['building', 11, [70, 70, 70]],
  ['wall', 12, [102, 102, 156]],
  ['fence', 13, [190, 153, 153]],
  ['pole', 17, [153, 153, 153]],
  ['traffic light', 19, [250, 170, 30]],
  ['traffic sign', 20, [220, 220, 0]],
  ['vegetation', 21, [107, 142, 35]],
  ['terrain', 22, [152, 251, 152]],
  ['sky', 23, [70, 130, 180]],
  ['person', 24, [220, 20, 60]],
  ['rider', 25, [255, 0, 0]],
  ['car', 26, [0, 0, 142]],
  ['truck', 27, [0, 0, 70]],
  ['bus', 28, [0, 60, 100]],
  ['train', 31, [0, 80, 100]],
  ['motorcycle', 32, [0, 0, 230]],
  ['bicycle', 33, [119, 11, 32]],
];

/** What a dataset has where nothing else is said. */
export const CITYSCAPES_CLASSES: readonly CityscapesClass[] = rows.map(([name, labelId, rgb], trainId) => ({
  trainId,
  name,
  labelId,
  rgb,
}));

/** The classes of a dataset or run: Cityscapes' where its record names none, as all of old do. */
export function classesOf({ classes }: { readonly classes?: ClassSet | undefined }): ClassSet {
  return classes ?? CITYSCAPES_CLASSES;
}

export function areSameClasses(a: ClassSet, b: ClassSet): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index]?.name);
}

/** The set, whole and well-formed. Throws `config.invalid` for none or too many classes, an empty or repeated name, no colour. */
export function checkedClasses(classes: ClassSet): ClassSet {
  const problem = problemOf(classes);
  if (problem === null) return classes;
  const advice = `Give 1 to ${MAX_CLASSES} classes, each with a name of its own and a colour of three numbers from 0 to 255.`;
  throw new StudioError('config.invalid', problem, advice, { key: 'classes', value: classes.length });
}

function problemOf(classes: ClassSet): string | null {
  if (classes.length < 1 || classes.length > MAX_CLASSES)
    return `A set has 1 to ${MAX_CLASSES} classes, not ${classes.length}.`;
  if (classes.some(({ name }) => name.trim() === '')) return 'A class has no name.';
  const repeated = classes.find(({ name }, index) => classes.findIndex((other) => other.name === name) !== index);
  if (repeated !== undefined) return `Two classes are called "${repeated.name}".`;
  const colourless = classes.find(({ rgb }) => rgb.length !== 3 || !rgb.every(isByte));
  return colourless === undefined ? null : `"${colourless.name}" has no colour of three numbers from 0 to 255.`;
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
