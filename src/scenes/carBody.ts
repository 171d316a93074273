// The solid of a car: a profile drawn out across its width, narrower above the belt. Shared by all cars along the street.

import { LABEL } from './labels.ts';
import { gradient, type Paint, type Rgb, scaled } from './paint.ts';
import type { Scene } from './scene.ts';
import { sideLight } from './scene.ts';

/** A corner of the profile: metres from the near end, height, and what lies between it and the next corner. */
interface Corner {
  readonly along: number;
  readonly y: number;
  readonly next: 'body' | 'glass' | 'roof' | 'end';
}

export interface CarShape {
  readonly length: number;
  readonly half: number;
  /** From the rear bottom over the roof to the front bottom. */
  readonly profile: readonly Corner[];
  /** Side windows, [along, y] from the rear. */
  readonly windows: readonly (readonly [number, number])[];
  readonly wheels: readonly [number, number];
  readonly wheelRadius: number;
  /** Height where the glass begins, and how much each side leans in per metre above it. */
  readonly belt: number;
  readonly lean: number;
}

const corner = (along: number, y: number, next: Corner['next']): Corner => ({ along, y, next });

export const SALOON: CarShape = {
  length: 4.3,
  half: 0.9,
  profile: [
    corner(0.02, 0.28, 'body'),
    corner(0, 0.7, 'body'),
    corner(0.1, 0.95, 'body'),
    corner(0.7, 1, 'glass'),
    corner(1.3, 1.43, 'roof'),
    corner(2.5, 1.45, 'glass'),
    corner(3.25, 1, 'body'),
    corner(4.15, 0.82, 'body'),
    corner(4.3, 0.6, 'body'),
    corner(4.27, 0.26, 'end'),
  ],
  windows: [
    [0.95, 1.02],
    [1.4, 1.36],
    [2.45, 1.38],
    [3.02, 1.02],
  ],
  wheels: [0.85, 3.45],
  wheelRadius: 0.32,
  belt: 0.98,
  lean: 0.32,
};

export const ESTATE: CarShape = {
  length: 4.3,
  half: 0.92,
  profile: [
    corner(0.02, 0.32, 'body'),
    corner(0, 1, 'glass'),
    corner(0.3, 1.72, 'roof'),
    corner(2.55, 1.78, 'glass'),
    corner(3.3, 1.14, 'body'),
    corner(4.15, 0.98, 'body'),
    corner(4.3, 0.68, 'body'),
    corner(4.27, 0.3, 'end'),
  ],
  windows: [
    [0.3, 1.12],
    [0.5, 1.62],
    [2.5, 1.68],
    [3.08, 1.14],
  ],
  wheels: [0.85, 3.45],
  wheelRadius: 0.36,
  belt: 1.04,
  lean: 0.2,
};

export interface CarColours {
  readonly body: Rgb;
  readonly glass: Rgb;
  readonly tyre: Rgb;
}

/** Half width of the body at a height. */
export function halfAt(shape: CarShape, y: number): number {
  return shape.half - Math.max(0, y - shape.belt) * shape.lean;
}

/** X of the side that the camera sees; null if it looks along the car. */
export function visibleSide(x: number, half: number): -1 | 1 | null {
  return x < -half ? 1 : x > half ? -1 : null;
}

/** Paints body, glass and wheels; `towards`: the front is the near end. */
export function paintCarBody(
  scene: Scene,
  x: number,
  z: number,
  towards: boolean,
  shape: CarShape,
  colours: CarColours,
): void {
  const depth = (along: number) => z + (towards ? shape.length - along : along);
  const side = visibleSide(x, shape.half);
  // The dark between the wheels.
  scene.painter.zplane(
    x - shape.half * 0.9,
    x + shape.half * 0.9,
    0.12,
    0.34,
    z + 0.3,
    gradient([24, 24, 26], [16, 16, 18]),
    LABEL.car,
  );
  for (const s of [-1, 1]) {
    const inner = x + s * (shape.half - 0.22);
    const outer = x + s * (shape.half - 0.02);
    scene.painter.zplane(
      Math.min(inner, outer),
      Math.max(inner, outer),
      0,
      0.4,
      z + 0.25,
      gradient(colours.tyre, scaled(colours.tyre, 0.8)),
      LABEL.car,
    );
  }
  if (side !== null) paintSide(scene, x, depth, side, shape, colours);
  paintStrips(scene, x, depth, towards, shape, colours);
}

function paintSide(
  { painter, light }: Scene,
  x: number,
  depth: (along: number) => number,
  side: -1 | 1,
  shape: CarShape,
  { body, glass, tyre }: CarColours,
): void {
  const shade = sideLight(light, x);
  const at = (along: number, y: number, out = 0) => [x + side * (halfAt(shape, y) + out), y, depth(along)];
  const outline = shape.profile.flatMap(({ along, y }) => at(along, y));
  painter.face(outline, gradient(scaled(body, shade * 1.08), scaled(body, shade * 0.8)), LABEL.car);
  const windows = shape.windows.flatMap(([along, y]) => at(along, y));
  painter.face(windows, gradient(scaled(glass, shade * 1.12), scaled(glass, shade * 0.86)), LABEL.car);
  const flank = x + side * shape.half;
  const [z0, z1] = [Math.min(depth(0), depth(shape.length)), Math.max(depth(0), depth(shape.length))];
  // Pillar, door seam, sill, and the line of light along the doors.
  const pillar = scaled(body, shade * 0.92);
  const post = [...at(1.95, shape.belt), ...at(2.05, shape.belt), ...at(2.05, 1.4), ...at(1.95, 1.4)];
  painter.face(post, gradient(pillar, pillar), LABEL.car);
  const seam = scaled(body, shade * 0.6);
  for (const along of [1.05, 2.02, 3.05])
    painter.xplane(flank, depth(along) - 0.015, depth(along) + 0.015, 0.4, shape.belt, gradient(seam, seam), LABEL.car);
  painter.xplane(flank, z0 + 0.3, z1 - 0.3, 0.26, 0.36, gradient(scaled(tyre, 1.1), tyre), LABEL.car);
  const shine = scaled(body, shade * 1.24);
  painter.xplane(flank, z0 + 0.15, z1 - 0.15, shape.belt - 0.16, shape.belt - 0.1, gradient(shine, shine), LABEL.car);
  const arch = scaled(tyre, 0.7);
  for (const along of shape.wheels) {
    const r = shape.wheelRadius;
    painter.wheel(flank, r + 0.02, depth(along), r * 1.2, gradient(arch, arch), LABEL.car);
    painter.wheel(flank, r, depth(along), r, gradient(scaled(tyre, 1.1), scaled(tyre, 0.85)), LABEL.car);
    painter.wheel(flank, r, depth(along), r * 0.58, gradient([150, 152, 156], [92, 94, 98]), LABEL.car);
    painter.wheel(flank, r, depth(along), r * 0.2, gradient([70, 70, 74], [52, 52, 56]), LABEL.car);
  }
}

/** The strips across the width, from the far end to the near one; those that look away are left out. */
function paintStrips(
  { painter, light, camera }: Scene,
  x: number,
  depth: (along: number) => number,
  towards: boolean,
  shape: CarShape,
  { body, glass }: CarColours,
): void {
  const { profile } = shape;
  const order = profile
    .map((_, i) => (towards ? i : profile.length - 2 - i))
    .filter((i) => i >= 0 && i < profile.length - 1);
  for (const i of order) {
    const a = profile[i];
    const b = profile[i + 1];
    if (a === undefined || b === undefined) continue;
    const [near, far] = towards ? [b, a] : [a, b];
    if (camera.v(far.y, depth(far.along)) >= camera.v(near.y, depth(near.along))) continue;
    const strip = (shrink: number, paint: Paint) => {
      const point = (s: number, t: number) => [
        x + s * halfAt(shape, near.y + (far.y - near.y) * t) * (1 - shrink),
        near.y + (far.y - near.y) * t,
        depth(near.along) + (depth(far.along) - depth(near.along)) * t,
      ];
      const [low, high] = [shrink * 0.7, 1 - shrink];
      painter.face([...point(-1, low), ...point(1, low), ...point(1, high), ...point(-1, high)], paint, LABEL.car);
    };
    const flat = Math.abs(depth(far.along) - depth(near.along)) > Math.abs(far.y - near.y);
    const shade = light.front * (flat && a.next !== 'glass' ? 1.16 : 1);
    strip(0, gradient(scaled(body, shade * 1.05), scaled(body, shade * (flat ? 0.98 : 0.86))));
    if (a.next === 'glass') strip(0.1, gradient(scaled(glass, light.front * 1.15), scaled(glass, light.front * 0.8)));
  }
}
