// Label files to train ids, byte-exact: palette indices and grey values through a table, colours by exact match.
// A canvas never sees a label: colour management would move values and RGB merges classes that share a colour.
import { IGNORE } from '../../domain/classes.ts';
import type { Size } from '../../domain/dataset.ts';
import { type Coding, rgbKey, UNDEFINED_LABEL } from '../codings/core/coding.ts';
import { segmentOf, stem } from '../codings/core/panoptic.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import { decodePng, type PngPixels } from './decodePng.ts';
import { labelSamples, redOf, refuseLabels, rgbOf } from './labelSamples.ts';

export interface DecodedLabels extends Size {
  /** Train ids [height, width], 255 = ignore. */
  readonly labels: Uint8Array;
  /** Values that the coding does not define, as `37` or `rgb(1,2,3)`, with their pixel counts; such pixels are ignored. */
  readonly unknown: ReadonlyMap<string, number>;
}

function fromValues(values: ArrayLike<number>, table: Uint8Array, name: (value: number) => string) {
  // Local copies: this runs for every pixel, and some module runners look imports up on each use.
  const undefinedLabel = UNDEFINED_LABEL;
  const ignore = IGNORE;
  const labels = new Uint8Array(values.length);
  const unknownCounts = new Uint32Array(256);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const trainId = table[value] ?? undefinedLabel;
    labels[i] = trainId;
    if (trainId !== undefinedLabel) continue;
    unknownCounts[value] = (unknownCounts[value] ?? 0) + 1;
    labels[i] = ignore;
  }
  const unknown = new Map<string, number>();
  unknownCounts.forEach((count, value) => {
    if (count > 0) unknown.set(name(value), (unknown.get(name(value)) ?? 0) + count);
  });
  return { labels, unknown };
}

const OTHER_SET =
  'If it belongs to another dataset, import that by itself; else choose another coding, or give a table of your own.';

const colourName = (red: number, green: number, blue: number): string => `rgb(${red},${green},${blue})`;

function fromColours(samples: PngPixels['samples'], colours: ReadonlyMap<number, number>) {
  const labels = new Uint8Array(samples.length / 3);
  const unknown = new Map<string, number>();
  let lastKey = -1;
  let lastLabel = IGNORE;
  for (let i = 0, at = 0; i < labels.length; i++, at += 3) {
    const red = samples[at] ?? 0;
    const green = samples[at + 1] ?? 0;
    const blue = samples[at + 2] ?? 0;
    const key = rgbKey(red, green, blue);
    if (key !== lastKey) {
      lastKey = key;
      lastLabel = colours.get(key) ?? UNDEFINED_LABEL;
    }
    if (lastLabel === UNDEFINED_LABEL) {
      labels[i] = IGNORE;
      // A photo among the labels has a million colours: beyond some, they are counted together.
      const name = unknown.size < 64 ? colourName(red, green, blue) : 'other colours';
      unknown.set(name, (unknown.get(name) ?? 0) + 1);
    } else {
      labels[i] = lastLabel;
    }
  }
  return { labels, unknown };
}

function paletteByColour(palette: NonNullable<PngPixels['palette']>, colours: ReadonlyMap<number, number>) {
  const table = new Uint8Array(256).fill(UNDEFINED_LABEL);
  palette.forEach(([red = 0, green = 0, blue = 0], index) => {
    table[index] = colours.get(rgbKey(red, green, blue)) ?? UNDEFINED_LABEL;
  });
  return table;
}

/** Numbers of segments to classes; of a picture that has no annotation every segment is unknown. */
function fromSegments(rgb: Uint8Array, classOf: ReadonlyMap<number, number> = new Map()) {
  const labels = new Uint8Array(rgb.length / 3).fill(IGNORE);
  const unknown = new Map<string, number>();
  for (let i = 0, at = 0; i < labels.length; i++, at += 3) {
    const segment = segmentOf(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
    const index = classOf.get(segment);
    if (index !== undefined) labels[i] = index;
    else if (segment !== 0) unknown.set(`segment ${segment}`, (unknown.get(`segment ${segment}`) ?? 0) + 1);
  }
  return { labels, unknown };
}

/** RGB, whatever the file's format. */
function coloursOf(samples: ReturnType<typeof labelSamples>, path: string): Uint8Array {
  if (samples.kind === 'colours') return rgbOf(samples, path);
  const { palette, values } = samples;
  return palette === null
    ? spread(values)
    : Uint8Array.from([...values].flatMap((index) => palette[index] ?? [0, 0, 0]));
}

/** Applies a coding to decoded samples; `decodeLabels` without the file. Throws `data.unsupported-format`. */
export function mapLabels(png: PngPixels, path: string, coding: Coding): DecodedLabels {
  const size = { width: png.width, height: png.height };
  const samples = labelSamples(png, path);
  const { values, colours, segments } = coding;
  if (segments !== undefined) return { ...size, ...fromSegments(coloursOf(samples, path), segments.get(stem(path))) };
  if (samples.kind === 'colours') {
    if (coding.channel === 'red' && values !== null)
      return { ...size, ...fromValues(redOf(samples, path), values, String) };
    if (colours !== null) return { ...size, ...fromColours(rgbOf(samples, path), colours) };
    throw refuseLabels(
      path,
      `the label is an RGB picture; the labels are read as ${coding.label}, which is numbers.`,
      png,
      OTHER_SET,
    );
  }
  if (values !== null) return { ...size, ...fromValues(samples.values, values, String) };
  const { palette } = samples;
  if (palette !== null && colours !== null) {
    const name = (index: number): string => {
      const [red = 0, green = 0, blue = 0] = palette[index] ?? [];
      return palette[index] === undefined ? `index ${index}` : colourName(red, green, blue);
    };
    return { ...size, ...fromValues(samples.values, paletteByColour(palette, colours), name) };
  }
  // Equal channels look like numbers: black and the greys of a colour mask.
  if (colours !== null && png.channels >= 3) return { ...size, ...fromColours(spread(samples.values), colours) };
  throw refuseLabels(
    path,
    `the label is grey; the labels are read as ${coding.label}, which is colours.`,
    png,
    OTHER_SET,
  );
}

const spread = (values: Uint8Array): Uint8Array => {
  const rgb = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) rgb.fill(values[i] ?? 0, i * 3, i * 3 + 3);
  return rgb;
};

/**
 * Decodes one label file. Throws `data.unreadable-file` (damaged, empty, not a PNG) and `data.unsupported-format`
 * (numbers above 255, transparency, RGB where numbers are expected).
 */
export function decodeLabels(
  bytes: Uint8Array,
  path: string,
  coding: Coding,
  limits: ImportLimits = DEFAULT_LIMITS,
): DecodedLabels {
  return mapLabels(decodePng(bytes, path, limits), path, coding);
}
