// Which way up a photo is: the EXIF tag as it is written, and the turn that it asks for.
import type { RgbImage, Size } from '../../domain/dataset.ts';
import type { Orientation } from '../ports.ts';

const TAG_ORIENTATION = 0x0112;
const TYPE_SHORT = 3;
const ENTRY_BYTES = 12;

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

/** The orientation in a TIFF block (what follows `Exif\0\0` in a JPEG, and the content of a PNG's eXIf); 1 where none is told. */
export function readTiffOrientation(tiff: Uint8Array): Orientation {
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittle = view.getUint16(0) === 0x4949;
  if (!isLittle && view.getUint16(0) !== 0x4d4d) return 1;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, isLittle);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return 1;
    if (view.getUint16(at, isLittle) !== TAG_ORIENTATION || view.getUint16(at + 2, isLittle) !== TYPE_SHORT) continue;
    const value = view.getUint16(at + 8, isLittle);
    return isOrientation(value) ? value : 1;
  }
  return 1;
}

const exchangesSides = (orientation: Orientation): boolean => orientation >= 5;

/** Size as it is to be shown. */
export function shownSize({ width, height }: Size, orientation: Orientation): Size {
  return exchangesSides(orientation) ? { width: height, height: width } : { width, height };
}

/** The photo as it is to be shown: stored pixels put where the tag says. */
export function turn(image: RgbImage, orientation: Orientation): RgbImage {
  if (orientation === 1) return image;
  const { width, height } = image;
  const shown = shownSize(image, orientation);
  const data = new Uint8Array(image.data.length);
  // In the order of the shown pixels: where the first lies in the stored picture, and how far to the next across and down.
  const last = (height - 1) * width;
  const [first, across, down] = (
    {
      2: [width - 1, -1, width],
      3: [last + width - 1, -1, -width],
      4: [last, 1, -width],
      5: [0, width, 1],
      6: [last, -width, 1],
      7: [last + width - 1, -width, -1],
      8: [width - 1, width, -1],
    } as const
  )[orientation];
  let to = 0;
  for (let y = 0; y < shown.height; y++) {
    let from = (first + y * down) * 3;
    for (let x = 0; x < shown.width; x++, from += across * 3, to += 3) {
      data[to] = image.data[from] ?? 0;
      data[to + 1] = image.data[from + 1] ?? 0;
      data[to + 2] = image.data[from + 2] ?? 0;
    }
  }
  return { ...shown, data };
}
