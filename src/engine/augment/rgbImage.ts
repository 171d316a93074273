// A picture on the host, for the translators that need no GPU.
import type { Size } from '../../domain/dataset.ts';

export interface RgbImage {
  readonly size: Size;
  /** RGB bytes, row-major. */
  readonly pixels: Uint8Array;
}

/** Values on the scale 0..255 as bytes: rounded, and held within. */
export function toBytes(values: Float64Array): Uint8Array {
  return Uint8Array.from(Uint8ClampedArray.from(values));
}
