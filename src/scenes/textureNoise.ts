// Value noise in three octaves: the grain of surfaces. One periodic sheet is made once and every picture takes a piece of
// it from a random place: drawing a sheet a picture would cost as much as painting the scene.
import { RandomStream } from '../domain/rng.ts';

/** Height of the raster at which the cells below are 2, 4 and 8 pixels; they grow with the picture. */
const REFERENCE_HEIGHT = 128;
const OCTAVES: readonly { readonly cell: number; readonly weight: number }[] = [
  { cell: 2, weight: 0.5 },
  { cell: 4, weight: 0.55 },
  { cell: 8, weight: 0.35 },
];
/** Side of the sheet in reference pixels: a power of two. */
const SHEET = 512;

const sheets = new Map<number, Float32Array>();

/** Noise around 0 at a column and row of a raster of this height: smoothstep-interpolated lattices of U(-0.5, 0.5). */
export function textureNoise(height: number, draw: RandomStream): (column: number, row: number) => number {
  let scale = 1;
  while (scale < 8 && height >= REFERENCE_HEIGHT * scale * 1.5) scale *= 2;
  const sheet = sheets.get(scale) ?? createSheet(scale);
  sheets.set(scale, sheet);
  const side = SHEET * Math.min(scale, 2);
  const mask = side - 1;
  const left = draw.integer(side);
  const top = draw.integer(side);
  return (column, row) => sheet[((row + top) & mask) * side + ((column + left) & mask)] ?? 0;
}

function createSheet(scale: number): Float32Array {
  const draw = new RandomStream(scale, 'texture');
  const side = SHEET * Math.min(scale, 2);
  const sheet = new Float32Array(side * side);
  for (const { cell, weight } of OCTAVES) addOctave(sheet, side, cell * scale, weight, draw);
  return sheet;
}

/** Adds one octave; the lattice wraps around, so that the sheet has no seam. */
function addOctave(sheet: Float32Array, side: number, cell: number, weight: number, draw: RandomStream): void {
  const count = side / cell;
  const lattice = Float32Array.from({ length: count * count }, () => (draw.uniform() - 0.5) * weight);
  const at = (row: number, column: number) => lattice[(row % count) * count + (column % count)] ?? 0;
  for (let y = 0; y < side; y++) {
    const row = Math.floor(y / cell);
    const ty = (y % cell) / cell;
    const fy = ty * ty * (3 - 2 * ty);
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / cell);
      const tx = (x % cell) / cell;
      const fx = tx * tx * (3 - 2 * tx);
      const left = at(row, column) + (at(row + 1, column) - at(row, column)) * fy;
      const right = at(row, column + 1) + (at(row + 1, column + 1) - at(row, column + 1)) * fy;
      sheet[y * side + x] = (sheet[y * side + x] ?? 0) + left + (right - left) * fx;
    }
  }
}
