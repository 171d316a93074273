// Label files to train ids, byte-exact: palette indices and grey values through a table, colours by exact match.
// A canvas never sees a label: colour management would move values and RGB merges classes that share a colour.
import { IGNORE } from '../../domain/classes.ts';
import type { Size } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { type Coding, rgbKey, UNDEFINED_LABEL } from '../codings/core/coding.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../importing/limits.ts';
import { decodePng, type PngPixels } from './decodePng.ts';

export interface DecodedLabels extends Size {
  /** Train ids [height, width], 255 = ignore. */
  readonly labels: Uint8Array;
  /** Values that the coding does not define, as `37` or `rgb(1,2,3)`, with their pixel counts; such pixels are ignored. */
  readonly unknown: ReadonlyMap<string, number>;
}

const refuse = (path: string, what: string, advice: string, png: PngPixels): StudioError =>
  new StudioError('data.unsupported-format', `${path}: ${what}`, advice, {
    path,
    reason: 'label-format',
    colourType: png.colourType,
    bitDepth: png.bitDepth,
  });

const EXPECTED = 'Save labels as 8-bit PNG with one channel (grey or palette), the value being the class.';

function requireLabelFormat(path: string, png: PngPixels): void {
  if (png.bitDepth === 16) {
    throw refuse(path, 'the label has 16 bits a sample; labels have 8.', EXPECTED, png);
  }
  if (png.colourType === 'rgba' || png.colourType === 'grey-alpha') {
    throw refuse(path, 'the label has an alpha channel, which blurs which class a pixel is.', EXPECTED, png);
  }
}

/** RGB labels whose channels are equal everywhere are one-channel labels that a tool has tripled. */
function singleChannel(samples: PngPixels['samples']): Uint8Array | null {
  for (let i = 0; i < samples.length; i += 3) {
    if (samples[i] !== samples[i + 1] || samples[i] !== samples[i + 2]) return null;
  }
  return Uint8Array.from({ length: samples.length / 3 }, (_, i) => samples[i * 3] ?? 0);
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

/** Applies a coding to decoded samples; `decodeLabels` without the file. Throws `data.unsupported-format`. */
export function mapLabels(png: PngPixels, path: string, coding: Coding): DecodedLabels {
  requireLabelFormat(path, png);
  const size = { width: png.width, height: png.height };
  const { values, colours } = coding;
  if (png.colourType === 'rgb') {
    const single = values === null ? null : singleChannel(png.samples);
    if (single !== null && values !== null) return { ...size, ...fromValues(single, values, String) };
    if (colours !== null) return { ...size, ...fromColours(png.samples, colours) };
    throw refuse(path, 'the label is an RGB picture; class numbers are expected.', EXPECTED, png);
  }
  if (values !== null) return { ...size, ...fromValues(png.samples, values, String) };
  if (png.palette !== null && colours !== null) {
    const { palette } = png;
    const name = (index: number): string => {
      const [red = 0, green = 0, blue = 0] = palette[index] ?? [];
      return palette[index] === undefined ? `index ${index}` : colourName(red, green, blue);
    };
    return { ...size, ...fromValues(png.samples, paletteByColour(palette, colours), name) };
  }
  throw refuse(path, 'the label is grey, but this dataset codes classes as colours.', 'Use the colour masks.', png);
}

/**
 * Decodes one label file. Throws `data.unreadable-file` (damaged, empty, not a PNG) and `data.unsupported-format`
 * (16 bits, alpha, RGB where numbers are expected).
 */
export function decodeLabels(
  bytes: Uint8Array,
  path: string,
  coding: Coding,
  limits: ImportLimits = DEFAULT_LIMITS,
): DecodedLabels {
  return mapLabels(decodePng(bytes, path, limits), path, coding);
}
