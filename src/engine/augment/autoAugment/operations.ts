// The operations of AutoAugment (Cubuk et al. 2019) on RGB bytes, with the semantics of PIL, in which all published
// implementations are written: whole numbers in, whole numbers out. Which ones, how strong and how often: policies.ts.
import type { RgbImage } from '../../../domain/dataset.ts';
import { invariant } from '../../../domain/errors.ts';
import { type Affine, composed, IDENTITY, translation } from '../../ops/core/affine.ts';
import { sineCosine } from './sineCosine.ts';

export const PHOTOMETRIC = [
  'color',
  'contrast',
  'brightness',
  'sharpness',
  'posterize',
  'solarize',
  'autoContrast',
  'equalize',
  'invert',
] as const;
export const GEOMETRIC = ['shearX', 'shearY', 'translateX', 'translateY', 'rotate'] as const;
export type PhotometricName = (typeof PHOTOMETRIC)[number];
export type GeometricName = (typeof GEOMETRIC)[number];
export type OperationName = PhotometricName | GeometricName;

/** An operation with its magnitude, sign included; 0 where it has none. */
export interface Operation {
  readonly name: OperationName;
  /**
   * Shear in pixels a pixel, translation in shares of the side, rotation in degrees; 1 + value is the factor of colour,
   * contrast, brightness and sharpness; bits kept by `posterize`; the threshold of `solarize`.
   */
  readonly value: number;
}

export function isGeometric(name: OperationName): name is GeometricName {
  return GEOMETRIC.some((geometric) => geometric === name);
}

/** A new picture of the same size. */
export function applyPhotometric(name: PhotometricName, value: number, image: RgbImage): RgbImage {
  const { data } = image;
  const changed = (bytes: Uint8Array): RgbImage => ({ ...image, data: bytes });
  switch (name) {
    case 'color':
      return changed(blended(greyOf(data), data, 1 + value));
    case 'contrast':
      return changed(blended(new Uint8Array(data.length).fill(meanLuma(data)), data, 1 + value));
    case 'brightness':
      return changed(blended(new Uint8Array(data.length), data, 1 + value));
    case 'sharpness':
      return changed(blended(smoothed(image), data, 1 + value));
    case 'posterize':
      return changed(data.map((byte) => byte & (0xff << (8 - value))));
    case 'solarize':
      return changed(data.map((byte) => (byte < value ? byte : 255 - byte)));
    case 'autoContrast':
      return changed(perChannel(data, stretched));
    case 'equalize':
      return changed(perChannel(data, equalised));
    case 'invert':
      return changed(data.map((byte) => 255 - byte));
    default:
      return name satisfies never;
  }
}

/** Where a pixel of the result looks in the picture (ops/core/affine.ts). */
export function geometryOf(name: GeometricName, value: number, width: number, height: number): Affine {
  switch (name) {
    case 'shearX':
      return [1, value, 0, 0, 1, 0];
    case 'shearY':
      return [1, 0, 0, value, 1, 0];
    case 'translateX':
      return translation(value * width, 0);
    case 'translateY':
      return translation(0, value * height);
    case 'rotate': {
      // Counter-clockwise, as PIL turns.
      const { sine, cosine } = sineCosine((value * Math.PI) / 180);
      const turn: Affine = [cosine, -sine, 0, sine, cosine, 0];
      return composed(translation(width / 2, height / 2), composed(turn, translation(-width / 2, -height / 2)));
    }
    default:
      return name satisfies never;
  }
}

/** The grey that shows where a geometric view looks beyond the picture. */
const FILL = 128;

/** The picture seen through `map` (result to picture), nearest pixel. */
export function resampled({ data, width, height }: RgbImage, [a, b, c, d, e, f]: Affine): RgbImage {
  const result = new Uint8Array(data.length).fill(FILL);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const column = Math.floor(a * (j + 0.5) + b * (i + 0.5) + c);
      const row = Math.floor(d * (j + 0.5) + e * (i + 0.5) + f);
      if (column < 0 || column >= width || row < 0 || row >= height) continue;
      const from = 3 * (row * width + column);
      result.set(data.subarray(from, from + 3), 3 * (i * width + j));
    }
  }
  return { data: result, width, height };
}

/** All operations, in order. `map` leads from the result to the picture. */
export function applyOperations(image: RgbImage, operations: readonly Operation[]): { image: RgbImage; map: Affine } {
  invariant(
    image.data.length === 3 * image.width * image.height,
    () => `${image.data.length} bytes are no RGB picture of ${image.width} x ${image.height}.`,
  );
  let result = image;
  let map = IDENTITY;
  for (const { name, value } of operations) {
    if (isGeometric(name)) {
      const own = geometryOf(name, value, image.width, image.height);
      result = resampled(result, own);
      map = composed(map, own);
    } else result = applyPhotometric(name, value, result);
  }
  return { image: result, map };
}

/** PIL's luma: 0.299 R + 0.587 G + 0.114 B in 16-bit fixed point, rounded. */
function lumaAt(data: Uint8Array, pixel: number): number {
  const [red = 0, green = 0, blue = 0] = [data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2]];
  return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
}

function greyOf(data: Uint8Array): Uint8Array {
  return data.map((_, k) => lumaAt(data, Math.floor(k / 3)));
}

function meanLuma(data: Uint8Array): number {
  const pixels = data.length / 3;
  let sum = 0;
  for (let pixel = 0; pixel < pixels; pixel++) sum += lumaAt(data, pixel);
  return Math.floor(sum / pixels + 0.5);
}

/** from + factor * (to - from) in single precision, cut off (not rounded) to a byte: PIL's `Image.blend`. */
function blended(from: Uint8Array, to: Uint8Array, factor: number): Uint8Array {
  const single = Math.fround(factor);
  return to.map((byte, k) => {
    const start = from[k] ?? 0;
    const value = Math.fround(start + Math.fround(single * (byte - start)));
    return Math.min(255, Math.max(0, Math.trunc(value)));
  });
}

/** Means of 3 x 3 with the centre counted five times, rounded; the border stays. */
function smoothed({ data, width, height }: RgbImage): Uint8Array {
  const result = data.slice();
  const row = 3 * width;
  for (let i = 1; i < height - 1; i++) {
    for (let k = i * row + 3; k < (i + 1) * row - 3; k++) {
      let sum = 4 * (data[k] ?? 0);
      for (const line of [k - row, k, k + row]) {
        sum += (data[line - 3] ?? 0) + (data[line] ?? 0) + (data[line + 3] ?? 0);
      }
      result[k] = Math.floor(sum / 13 + 0.5);
    }
  }
  return result;
}

/** Sends each channel through a table made from its histogram. */
function perChannel(data: Uint8Array, tableOf: (histogram: readonly number[]) => readonly number[] | null): Uint8Array {
  const tables = [0, 1, 2].map((channel) => {
    const histogram = new Array<number>(256).fill(0);
    for (let k = channel; k < data.length; k += 3) {
      const byte = data[k] ?? 0;
      histogram[byte] = (histogram[byte] ?? 0) + 1;
    }
    return tableOf(histogram);
  });
  return data.map((byte, k) => tables[k % 3]?.[byte] ?? byte);
}

/** The darkest level to 0, the brightest to 255; null for a flat channel. */
function stretched(histogram: readonly number[]): readonly number[] | null {
  const low = histogram.findIndex((count) => count > 0);
  const high = histogram.findLastIndex((count) => count > 0);
  if (high <= low) return null;
  return histogram.map((_, level) => Math.min(255, Math.max(0, Math.floor((255 * (level - low)) / (high - low)))));
}

/** PIL's rule: the pixels darker than a level, in steps of 1/255 of all but the brightest level's; null where a step is none. */
function equalised(histogram: readonly number[]): readonly number[] | null {
  const pixels = histogram.reduce((sum, count) => sum + count, 0);
  const brightest = histogram[histogram.findLastIndex((count) => count > 0)] ?? 0;
  const step = Math.floor((pixels - brightest) / 255);
  if (step === 0) return null;
  let darker = Math.floor(step / 2);
  return histogram.map((count) => {
    const level = Math.min(255, Math.floor(darker / step));
    darker += count;
    return level;
  });
}
