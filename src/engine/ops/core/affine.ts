// Affine maps between a picture and a geometric view of it, in pixels: pixel (row i, column j) has its centre at
// (x, y) = (j + 0.5, i + 0.5), the origin is the top left corner. What is done with them: ops/warpImages, ops/fuseViews.

/** (x, y) to (a x + b y + c, d x + e y + f), as [a, b, c, d, e, f]. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];

/** Mirrors a picture of this width left to right; its own inverse. */
export function mirroring(width: number): Affine {
  return [-1, 0, width, 0, 1, 0];
}

/** Moves by (dx, dy). */
export function translation(dx: number, dy: number): Affine {
  return [1, 0, dx, 0, 1, dy];
}

/** `outer` after `inner`. */
export function composed(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/** The way back. The map must not be degenerate. */
export function inverted([a, b, c, d, e, f]: Affine): Affine {
  const area = a * e - b * d;
  // `+ 0` turns -0 into 0.
  return [e / area, -b / area + 0, (b * f - c * e) / area + 0, -d / area + 0, a / area, (c * d - a * f) / area + 0];
}

/** Rows [count, 6] for the GPU. */
export function affineRows(maps: readonly Affine[]): Float32Array {
  return Float32Array.from(maps.flat());
}
