// Value noise in three octaves: the grain of surfaces. Its cells grow with the picture, so that a scene looks alike at any size.
import type { RandomStream } from '../../domain/rng.ts';

/** Height of the raster at which the cells below are 2, 4 and 8 pixels. */
const REFERENCE_HEIGHT = 128;
const OCTAVES: readonly { readonly cell: number; readonly weight: number }[] = [
  { cell: 2, weight: 0.5 },
  { cell: 4, weight: 0.55 },
  { cell: 8, weight: 0.35 },
];

/** [height, width] of noise around 0, smoothstep-interpolated from lattices of U(-0.5, 0.5). */
export function textureNoise(width: number, height: number, draw: RandomStream): Float32Array {
  const out = new Float32Array(width * height);
  const scale = Math.max(1, Math.round(height / REFERENCE_HEIGHT));
  for (const { cell, weight } of OCTAVES) addOctave(out, width, height, cell * scale, weight, draw);
  return out;
}

function addOctave(
  out: Float32Array,
  width: number,
  height: number,
  cell: number,
  weight: number,
  draw: RandomStream,
): void {
  const columns = Math.floor(width / cell) + 2;
  const rows = Math.floor(height / cell) + 2;
  const lattice = Float32Array.from({ length: columns * rows }, () => (draw.word() / 4294967296 - 0.5) * weight);
  const ease = Float32Array.from({ length: cell }, (_, i) => {
    const t = i / cell;
    return t * t * (3 - 2 * t);
  });
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const top = Math.floor(y / cell) * columns;
    const fy = ease[y % cell] ?? 0;
    for (let i = 0; i < columns; i++) {
      const a = lattice[top + i] ?? 0;
      line[i] = a + ((lattice[top + columns + i] ?? 0) - a) * fy;
    }
    for (let x = 0, i = 0; x < width; i++) {
      const a = line[i] ?? 0;
      const slope = (line[i + 1] ?? 0) - a;
      for (let k = 0; k < cell && x < width; k++, x++) {
        const at = y * width + x;
        out[at] = (out[at] ?? 0) + a + slope * (ease[k] ?? 0);
      }
    }
  }
}
