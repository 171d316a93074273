// COCO's panoptic format (Kirillov et al. 2019; cocodataset.org, "Panoptic segmentation"): a PNG whose pixels are numbers of segments,
// R + 256 G + 65536 B, and a JSON file that says of each segment of each picture which category it is. 0 is no segment.
import { CITYSCAPES_CLASSES, IGNORE, MAX_CLASSES } from '../../../domain/classes.ts';
import { JsonSyntaxError, parseJson } from '../../../domain/jsonText.ts';
import type { Coding } from './coding.ts';
import { classesOfRows, plainName, TABLE_PREFIX } from './ownTable.ts';
import { badTable, type TableRow } from './tableRows.ts';

/** Whether a file is one by its name. */
export const isPanopticTable = (path: string): boolean => /panoptic[^/]*\.json$/i.test(path);

/** Number of the segment that a colour stands for. */
export const segmentOf = (red: number, green: number, blue: number): number => red + 256 * green + 65_536 * blue;

/** COCO's names for what Cityscapes has, too. */
const STREET_NAMES: Readonly<Record<string, string>> = {
  tree: 'vegetation',
  pavement: 'sidewalk',
  grass: 'terrain',
  'stop sign': 'traffic sign',
  'wall brick': 'wall',
  'wall stone': 'wall',
  'wall wood': 'wall',
  house: 'building',
};
const streetName = (name: string): string => {
  const plain = plainName(name).replace(/( other)?( merged)?$/, '');
  return STREET_NAMES[plain] ?? plain;
};

interface Segment {
  readonly id: number;
  readonly category_id: number;
}
interface Annotation {
  readonly file_name: string;
  readonly segments_info: readonly Segment[];
}
interface Category {
  readonly id: number;
  readonly name: string;
  readonly color?: unknown;
}
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isSegment = (value: unknown): value is Segment =>
  isObject(value) && typeof value.id === 'number' && typeof value.category_id === 'number';
const isAnnotation = (value: unknown): value is Annotation =>
  isObject(value) &&
  typeof value.file_name === 'string' &&
  Array.isArray(value.segments_info) &&
  value.segments_info.every(isSegment);
const isCategory = (value: unknown): value is Category =>
  isObject(value) && typeof value.id === 'number' && typeof value.name === 'string';

/**
 * The coding that a panoptic file gives. Up to 64 categories are classes by their own names (Cityscapes' where they all are); of
 * more, those that Cityscapes has are read and the others are ignored. Throws `config.invalid` for a file of another kind.
 */
export function panopticCoding(text: string, path: string): Coding {
  const { annotations, categories } = parsed(text, path);
  const rows = categories.map(({ id, name, color }): TableRow => {
    const [red, green, blue] = Array.isArray(color) ? color.map(Number) : [];
    const rgb = red === undefined || green === undefined || blue === undefined ? null : ([red, green, blue] as const);
    return { line: null, value: id, rgb, name: name.trim() };
  });
  const isFew = rows.length <= MAX_CLASSES;
  const classes = isFew ? classesOfRows(rows, path) : null;
  const names = (classes ?? CITYSCAPES_CLASSES).map(({ name }) => name);
  const classOf = new Map(
    rows.map(({ value, name }) => {
      const index = names.indexOf(classes === null ? streetName(name) : name);
      return [value ?? -1, index < 0 ? IGNORE : index] as const;
    }),
  );
  if (![...classOf.values()].some((index) => index !== IGNORE))
    throw badTable(path, null, 'none of its many categories is a class of Cityscapes.');
  return {
    id: `${TABLE_PREFIX}${path}`,
    label: path,
    source: path,
    values: null,
    colours: null,
    segments: new Map(
      annotations.map(({ file_name, segments_info }) => [
        stem(file_name),
        new Map(segments_info.map(({ id, category_id }) => [id, classOf.get(category_id) ?? IGNORE])),
      ]),
    ),
    writes255: false,
    standing: 'when-named',
    shares: { values: new Map(), colours: new Map() },
    ...(classes === null ? {} : { classes }),
  };
}

/** By which the annotation of a picture is found. */
export const stem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

function parsed(text: string, path: string): { annotations: readonly Annotation[]; categories: readonly Category[] } {
  let file: unknown;
  try {
    file = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw badTable(path, error.line, `is no JSON (${error.message}).`);
  }
  const { annotations, categories } = isObject(file) ? file : {};
  if (
    !Array.isArray(annotations) ||
    !annotations.every(isAnnotation) ||
    !Array.isArray(categories) ||
    !categories.every(isCategory)
  ) {
    throw badTable(path, null, 'has no annotations with segments and categories, as panoptic files of COCO have.');
  }
  return { annotations, categories };
}
