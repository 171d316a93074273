// Draws in metres: projects faces of the world, clips them at the near plane, hands polygons to the rasteriser.
import { type Camera, NEAR } from './camera.ts';
import { clamp } from './exactMath.ts';
import { type Paint, type Rgb, solid } from './paint.ts';
import { KEEP_DEPTH, type Raster } from './rasteriser.ts';

/** Packed RGB of an upright surface: `along` is Z on a wall beside the street and X on one across it; `y` is the height. */
export type SurfaceShader = (along: number, y: number, pixelsPerMetre: number) => number;

/** A circle as twelve points (cosine and sine of multiples of 30 degrees). */
const HALF_ROOT_3 = 0.8660254037844386;
const CIRCLE: readonly (readonly [number, number])[] = [
  [1, 0],
  [HALF_ROOT_3, 0.5],
  [0.5, HALF_ROOT_3],
  [0, 1],
  [-0.5, HALF_ROOT_3],
  [-HALF_ROOT_3, 0.5],
  [-1, 0],
  [-HALF_ROOT_3, -0.5],
  [-0.5, -HALF_ROOT_3],
  [0, -1],
  [0.5, -HALF_ROOT_3],
  [HALF_ROOT_3, -0.5],
];
const SHADOW: Rgb = [22, 22, 30];

export class ScenePainter {
  readonly camera: Camera;
  readonly raster: Raster;

  constructor(camera: Camera, raster: Raster) {
    this.camera = camera;
    this.raster = raster;
  }

  /** Any plane polygon; `points` are x, y, z in turn. */
  face(points: readonly number[], paint: Paint, label: number): void {
    const { screen, depth } = this.project(points);
    if (screen.length >= 6) this.raster.polygon(screen, paint, label, depth);
  }

  /** A polygon that faces the camera at depth `z`; `points` are x, y in turn. */
  upright(points: readonly number[], z: number, paint: Paint, label: number): void {
    if (z < NEAR) return;
    const screen: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      screen.push(this.camera.u(points[i] ?? 0, z), this.camera.v(points[i + 1] ?? 0, z));
    }
    this.raster.polygon(screen, paint, label, z);
  }

  /** Rectangle that faces the camera. */
  zplane(x0: number, x1: number, y0: number, y1: number, z: number, paint: Paint, label: number): void {
    this.upright([x0, y0, x1, y0, x1, y1, x0, y1], z, paint, label);
  }

  /** Rectangle along the street. */
  xplane(x: number, z0: number, z1: number, y0: number, y1: number, paint: Paint, label: number): void {
    const near = Math.max(z0, NEAR);
    if (z1 <= near || y1 <= y0) return;
    this.face([x, y0, near, x, y1, near, x, y1, z1, x, y0, z1], paint, label);
  }

  /** Shaded rectangle along the street, with the exact depth of every column. */
  wall(x: number, z0: number, z1: number, y0: number, y1: number, label: number, shader: SurfaceShader): void {
    const { camera } = this;
    const near = Math.max(z0, NEAR);
    if (z1 <= near || y1 <= y0 || Math.abs(x) < 0.01) return;
    const a = camera.u(x, near);
    const b = camera.u(x, z1);
    const scale = camera.focal * x;
    this.columns(Math.min(a, b), Math.max(a, b), y0, y1, label, shader, (column) => {
      const z = clamp(scale / (column + 0.5 - camera.centre), near, z1);
      return { z, along: z };
    });
  }

  /** Shaded rectangle that faces the camera. */
  front(x0: number, x1: number, y0: number, y1: number, z: number, label: number, shader: SurfaceShader): void {
    const { camera } = this;
    if (z < NEAR) return;
    this.columns(camera.u(x0, z), camera.u(x1, z), y0, y1, label, shader, (column) => ({
      z,
      along: ((column + 0.5 - camera.centre) * z) / camera.focal,
    }));
  }

  /** Columns whose middle lies between `u0` and `u1`, each at the depth and the place along the surface that `at` tells. */
  private columns(
    u0: number,
    u1: number,
    y0: number,
    y1: number,
    label: number,
    shader: SurfaceShader,
    at: (column: number) => { readonly z: number; readonly along: number },
  ): void {
    const { camera, raster } = this;
    const end = Math.min(raster.width, Math.ceil(u1 - 0.5));
    for (let column = Math.max(0, Math.ceil(u0 - 0.5)); column < end; column++) {
      const { z, along } = at(column);
      const density = camera.focal / z;
      const eye = camera.height + (camera.horizon - 0.5) / density;
      raster.column(column, camera.v(y1, z), camera.v(y0, z), label, z, (row) =>
        shader(along, eye - row / density, density),
      );
    }
  }

  /** Rectangle on the ground; the depth below is right already. */
  ground(x0: number, x1: number, z0: number, z1: number, colour: Rgb, label: number): void {
    const screen = this.groundQuad(x0, x1, z0, z1);
    if (screen !== null) this.raster.polygon(screen, solid(colour), label, KEEP_DEPTH);
  }

  /** Tint of a rectangle on the ground; labels stay. */
  groundTint(x0: number, x1: number, z0: number, z1: number, colour: Rgb, strength: number): void {
    const screen = this.groundQuad(x0, x1, z0, z1);
    if (screen !== null) this.raster.tint(screen, colour, strength);
  }

  /** Soft dark ellipse on the ground, radii in metres. */
  groundShadow(x: number, z: number, rx: number, rz: number, strength: number): void {
    const { camera } = this;
    const near = camera.v(0, Math.max(z - rz, NEAR));
    const far = camera.v(0, z + rz);
    this.raster.softEllipse(
      camera.u(x, z),
      (near + far) / 2,
      camera.pixels(rx, Math.max(z, NEAR)),
      (near - far) / 2,
      SHADOW,
      strength,
    );
  }

  /** Ellipse that faces the camera; `ratio` is height by width. */
  disc(x: number, y: number, z: number, radius: number, paint: Paint, label: number, ratio = 1): void {
    if (z < NEAR) return;
    const r = this.camera.pixels(radius, z);
    this.raster.ellipse(this.camera.u(x, z), this.camera.v(y, z), r, r * ratio, paint, label, z);
  }

  /** Circle in a plane along the street: a wheel seen from the side. */
  wheel(x: number, y: number, z: number, radius: number, paint: Paint, label: number): void {
    const points: number[] = [];
    for (const [along, up] of CIRCLE) points.push(x, y + up * radius, z + along * radius);
    this.face(points, paint, label);
  }

  /** A straight bar that faces the camera, from one point to another; `half` widths at its ends, metres. */
  bar(
    from: readonly [number, number],
    to: readonly [number, number],
    z: number,
    half: readonly [number, number],
    paint: Paint,
    label: number,
  ): void {
    const dx = to[0] - from[0];
    const dy = to[1] - from[1];
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) return;
    const [nx, ny] = [-dy / length, dx / length];
    const [a, b] = half;
    this.upright(
      [
        from[0] + nx * a,
        from[1] + ny * a,
        to[0] + nx * b,
        to[1] + ny * b,
        to[0] - nx * b,
        to[1] - ny * b,
        from[0] - nx * a,
        from[1] - ny * a,
      ],
      z,
      paint,
      label,
    );
  }

  private groundQuad(x0: number, x1: number, z0: number, z1: number): number[] | null {
    const { camera } = this;
    const near = Math.max(z0, NEAR);
    if (z1 <= near) return null;
    const [v0, v1] = [camera.v(0, near), camera.v(0, z1)];
    return [camera.u(x0, near), v0, camera.u(x1, near), v0, camera.u(x1, z1), v1, camera.u(x0, z1), v1];
  }

  /** Sutherland-Hodgman against the near plane, then projection. */
  private project(points: readonly number[]): { screen: number[]; depth: number } {
    const screen: number[] = [];
    let depth = 0;
    const put = (x: number, y: number, z: number) => {
      screen.push(this.camera.u(x, z), this.camera.v(y, z));
      depth += z;
    };
    const last = points.length - 3;
    let x0 = points[last] ?? 0;
    let y0 = points[last + 1] ?? 0;
    let z0 = points[last + 2] ?? 0;
    for (let i = 0; i < points.length; i += 3) {
      const x1 = points[i] ?? 0;
      const y1 = points[i + 1] ?? 0;
      const z1 = points[i + 2] ?? 0;
      if (z0 >= NEAR !== z1 >= NEAR) {
        const t = (NEAR - z0) / (z1 - z0);
        put(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, NEAR);
      }
      if (z1 >= NEAR) put(x1, y1, z1);
      x0 = x1;
      y0 = y1;
      z0 = z1;
    }
    return { screen, depth: depth / Math.max(1, screen.length / 2) };
  }
}
