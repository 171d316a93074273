// Cityscapes' annotations as polygons (…_polygons.json) to label ids: what its scripts do before they write …_labelIds.png. Later
// objects lie over earlier ones; a name that the table does not have is counted, and its pixels stay as they were.

import { IGNORE } from '../../domain/classes.ts';
import type { Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { cityscapesId } from '../codings/core/cityscapesNames.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import type { DecodedLabels } from './decodeLabels.ts';

interface Annotation extends Size {
  readonly objects: readonly { readonly label: string; readonly polygon: readonly Point[] }[];
}

type Point = readonly [x: number, y: number];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isPoint = (value: unknown): value is Point =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((each) => typeof each === 'number' && Number.isFinite(each));
const isSide = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

const unreadable = (path: string, what: string, cause?: unknown): StudioError =>
  new StudioError(
    'data.unreadable-file',
    `${path}: ${what}`,
    'Download the annotations again, or use the label pictures.',
    { path, reason: 'polygons' },
    cause,
  );

/** Reads an annotation file. Throws `data.unreadable-file`, and `data.unsupported-format` above the pixel limit. */
export function readAnnotation(bytes: Uint8Array, path: string, limits: ImportLimits = DEFAULT_LIMITS): Annotation {
  let file: unknown;
  try {
    file = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw unreadable(path, 'the annotation is no JSON.', error);
  }
  if (!isRecord(file) || !isSide(file.imgWidth) || !isSide(file.imgHeight) || !Array.isArray(file.objects)) {
    throw unreadable(path, 'the annotation has no imgWidth, imgHeight and objects.');
  }
  const { imgWidth: width, imgHeight: height } = file;
  if (width * height > limits.maxPixels) {
    throw new StudioError(
      'data.unsupported-format',
      `${path}: the annotation claims ${width} x ${height} pixels; at most ${limits.maxPixels} are read.`,
      'Check whether the file is damaged.',
      { path, reason: 'too-many-pixels', width, height },
    );
  }
  const objects = file.objects.flatMap((object: unknown) => {
    if (!isRecord(object) || object.deleted === 1 || object.deleted === true) return [];
    const { label, polygon } = object;
    if (typeof label !== 'string' || !Array.isArray(polygon) || !polygon.every(isPoint)) {
      throw unreadable(path, 'an object has no label or no polygon of points.');
    }
    return [{ label, polygon }];
  });
  return { width, height, objects };
}

/** Decodes one annotation file by its objects' names. Throws as `readAnnotation`. */
export function decodeAnnotation(
  bytes: Uint8Array,
  path: string,
  table: Uint8Array,
  limits?: ImportLimits,
): DecodedLabels {
  const annotation = readAnnotation(bytes, path, limits);
  const { ids, unknown } = rasterise(annotation, cityscapesId);
  return { width: annotation.width, height: annotation.height, labels: ids.map((id) => table[id] ?? IGNORE), unknown };
}

/**
 * Draws the objects in order over 0 ("unlabeled"). `idOf` gives a name's id, or null for one it does not know; ids below 0 are not
 * drawn, as the licence plate is not. Returns ids [height, width] and the pixels of unknown names.
 */
export function rasterise(
  { width, height, objects }: Annotation,
  idOf: (label: string) => number | null,
): { readonly ids: Uint8Array; readonly unknown: ReadonlyMap<string, number> } {
  const ids = new Uint8Array(width * height);
  const unknown = new Map<string, number>();
  for (const { label, polygon } of objects) {
    const id = idOf(label);
    if (id === null) {
      const mask = new Uint8Array(width * height);
      fillPolygon({ width, height }, polygon, (y, from, to) => mask.fill(1, y * width + from, y * width + to));
      unknown.set(label, (unknown.get(label) ?? 0) + mask.reduce((sum, pixel) => sum + pixel, 0));
    } else if (id >= 0)
      fillPolygon({ width, height }, polygon, (y, from, to) => ids.fill(id, y * width + from, y * width + to));
  }
  return { ids, unknown };
}

/** Calls `fill` with the stretches [from, to) of each row whose pixel centres lie inside (even-odd) or on the outline. */
function fillPolygon(
  { width, height }: Size,
  polygon: readonly Point[],
  fill: (y: number, from: number, to: number) => void,
): void {
  const lowest = Math.ceil(polygon.reduce((least, [, y]) => Math.min(least, y), height));
  const highest = Math.floor(polygon.reduce((most, [, y]) => Math.max(most, y), -1));
  const emit = (y: number, from: number, to: number): void => {
    const [first, last] = [Math.max(0, Math.ceil(from)), Math.min(width - 1, Math.floor(to))];
    if (last >= first) fill(y, first, last + 1);
  };
  for (let y = Math.max(0, lowest); y <= Math.min(height - 1, highest); y++) {
    const crossings: number[] = [];
    polygon.forEach(([x1, y1], index) => {
      const [x2, y2] = polygon[(index + 1) % polygon.length] ?? [x1, y1];
      // A flat edge lies on the row from end to end.
      if (y1 === y && y2 === y) emit(y, Math.min(x1, x2), Math.max(x1, x2));
      if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) * (x2 - x1)) / (y2 - y1));
      else if (y1 === y) emit(y, x1, x1);
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) emit(y, crossings[i] ?? 0, crossings[i + 1] ?? 0);
  }
}
