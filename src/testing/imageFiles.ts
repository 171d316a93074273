// Files that tests drop: pictures and labels encoded on the spot, and broken ones made from them.
import { encode } from 'fast-png';
import type { SourceFile } from '../data/ports.ts';
import { CITYSCAPES_CLASSES } from '../domain/classes.ts';

export function fileOf(path: string, bytes: Uint8Array): SourceFile {
  return { path, sizeBytes: bytes.length, bytes: async () => bytes };
}

/** One-channel 8-bit PNG. `values` has one entry a pixel, or is one value for all. */
export function greyPng(width: number, height: number, values: ArrayLike<number> | number): Uint8Array {
  const data = typeof values === 'number' ? new Uint8Array(width * height).fill(values) : Uint8Array.from(values);
  return encode({ width, height, data, channels: 1, depth: 8 });
}

export function rgbPng(width: number, height: number, data: ArrayLike<number>): Uint8Array {
  return encode({ width, height, data: Uint8Array.from(data), channels: 3, depth: 8 });
}

/** A palette PNG, as GTA5's labels are. */
export function palettePng(
  width: number,
  height: number,
  indices: ArrayLike<number>,
  palette: readonly (readonly number[])[],
): Uint8Array {
  return encode({
    width,
    height,
    data: Uint8Array.from(indices),
    channels: 1,
    depth: 8,
    palette: palette.map((rgb) => [...rgb]),
  });
}

/** The palette of GTA5 labels: Cityscapes colours at the label ids, black elsewhere. */
export const GTA5_PALETTE: readonly (readonly number[])[] = Array.from({ length: 35 }, (_, id) => [
  ...(CITYSCAPES_CLASSES.find(({ labelId }) => labelId === id)?.rgb ?? [0, 0, 0]),
]);

/** A photo that is not one flat colour. */
export function photoPng(width: number, height: number, tint = 0): Uint8Array {
  return rgbPng(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + tint * 31) & 255),
  );
}

/** A PNG header that claims any size; the data behind it is that of a tiny picture. */
export function claimingPng(width: number, height: number): Uint8Array {
  const bytes = greyPng(2, 2, 0).slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}
