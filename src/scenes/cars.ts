// Cars: what distinguishes front from rear, and the car that drives across.
import { type CarColours, ESTATE, paintCarBody, SALOON } from './carBody.ts';
import { LABEL } from './labels.ts';
import { gradient, lit, type Rgb, scaled, solid } from './paint.ts';
import type { Footprint, Scene } from './scene.ts';
import type { Side } from './sceneStreams.ts';

export interface CarPlace {
  readonly x: number;
  /** Near end. */
  readonly z: number;
  /** The front is the near end. */
  readonly towards: boolean;
  readonly tall: boolean;
}

interface DetailColours {
  readonly lamp: Rgb;
  readonly tail: Rgb;
  readonly plate: Rgb;
  readonly trim: Rgb;
}

export function carFootprint({ x, z }: Pick<CarPlace, 'x' | 'z'>, margin = 0.15): Footprint {
  return { x0: x - 0.92 - margin, x1: x + 0.92 + margin, z0: z - margin * 2, z1: z + 4.3 + margin * 2 };
}

export function addCar(scene: Scene, kind: string, side: Side, slot: number, place: CarPlace): void {
  const { streams, palette, painter, light } = scene;
  const { x, z, towards, tall } = place;
  const draws = streams.colour(kind, side, slot);
  const colours: CarColours = {
    body: palette.colour('car', draws),
    glass: palette.colour('glass', draws),
    tyre: palette.colour('tyre', draws),
  };
  const details: DetailColours = {
    tail: palette.colour('tailLight', draws),
    lamp: palette.fixed([255, 252, 232], 0.18),
    plate: palette.fixed([236, 232, 214], 0.2),
    trim: scaled(colours.tyre, 1.5),
  };
  scene.objects.push({
    footprint: { x0: x - 0.92, x1: x + 0.92, z0: z, z1: z + 4.3 },
    castShadow: () => {
      painter.groundShadow(x - light.sunSide * 0.45, z + 2, 1.7, 2.9, 0.62 * light.shadow);
      painter.groundTint(x - 0.85, x + 0.85, z + 0.1, z + 4.2, [16, 16, 20], 0.72);
    },
    paint: () => {
      const shape = tall ? ESTATE : SALOON;
      paintCarBody(scene, x, z, towards, shape, colours);
      if (towards) paintFront(scene, x, z, tall ? 0.12 : 0, shape.half, details);
      else paintRear(scene, x, z, tall ? 0.1 : 0, shape.half, colours, details);
    },
  });
}

function paintRear(
  { painter, light }: Scene,
  x: number,
  z: number,
  lift: number,
  half: number,
  colours: CarColours,
  details: DetailColours,
): void {
  const { tail, plate, trim } = details;
  for (const s of [-1, 1]) {
    const [a, b] = [x + s * (half - 0.04), x + s * (half - 0.36)];
    painter.zplane(Math.min(a, b), Math.max(a, b), 0.64 + lift, 0.86 + lift, z, lit(tail, 0.24), LABEL.car);
    const c = x + s * (half - 0.26);
    painter.zplane(Math.min(b, c), Math.max(b, c), 0.66 + lift, 0.74 + lift, z, solid(scaled(plate, 0.9)), LABEL.car);
  }
  painter.zplane(
    x - half,
    x + half,
    0.3,
    0.46 + lift,
    z,
    gradient(scaled(colours.body, light.front * 0.78), trim),
    LABEL.car,
  );
  painter.zplane(
    x - half,
    x + half,
    0.46 + lift,
    0.49 + lift,
    z,
    solid(scaled(colours.body, light.front * 0.55)),
    LABEL.car,
  );
  painter.zplane(x - 0.26, x + 0.26, 0.54 + lift, 0.67 + lift, z, solid(plate), LABEL.car);
}

function paintFront(
  { painter }: Scene,
  x: number,
  z: number,
  lift: number,
  half: number,
  { lamp, plate, trim }: DetailColours,
): void {
  for (const s of [-1, 1]) {
    const [a, b] = [x + s * (half - 0.04), x + s * (half - 0.36)];
    painter.zplane(Math.min(a, b), Math.max(a, b), 0.58 + lift, 0.74 + lift, z, lit(lamp, 0.12), LABEL.car);
    const mirror = x + s * (half + 0.04);
    painter.zplane(mirror - 0.09, mirror + 0.09, 0.98 + lift, 1.1 + lift, z + 1.2, solid(trim), LABEL.car);
  }
  painter.zplane(
    x - half * 0.52,
    x + half * 0.52,
    0.54 + lift,
    0.72 + lift,
    z,
    gradient(scaled(trim, 0.7), trim),
    LABEL.car,
  );
  painter.zplane(x - half * 0.7, x + half * 0.7, 0.3 + lift, 0.4 + lift, z, solid(scaled(trim, 0.8)), LABEL.car);
  painter.zplane(x - 0.24, x + 0.24, 0.42 + lift, 0.53 + lift, z, solid(plate), LABEL.car);
}

/** A car on the cross street, seen from its side; `heading` is where it drives, -1 left or 1 right. */
export function addCrossingCar(scene: Scene, x: number, z: number, heading: -1 | 1): void {
  const { streams, palette, painter, light } = scene;
  const draws = streams.colour('crossing car');
  const body = scaled(palette.colour('car', draws), light.front);
  const glass = scaled(palette.colour('glass', draws), light.front);
  const tyre = palette.colour('tyre', draws);
  const tail = palette.colour('tailLight', draws);
  const lamp = palette.fixed([255, 252, 232], 0.18);
  const at = (points: readonly (readonly [number, number])[]) => points.flatMap(([dx, y]) => [x + dx * heading, y]);
  scene.objects.push({
    footprint: { x0: x - 2.15, x1: x + 2.15, z0: z, z1: z + 1.8 },
    castShadow: () => {
      painter.groundShadow(x, z + 0.6, 3, 1.6, 0.6 * light.shadow);
      painter.groundTint(x - 2, x + 2, z, z + 1.7, [16, 16, 20], 0.7);
    },
    paint: () => {
      const outline = at(SALOON.profile.map(({ along, y }) => [along - 2.15, y] as const));
      painter.upright(outline, z, gradient(scaled(body, 1.1), scaled(body, 0.78)), LABEL.car);
      painter.upright(
        at(SALOON.windows.map(([along, y]) => [along - 2.15, y] as const)),
        z,
        lit(glass, 0.25),
        LABEL.car,
      );
      const post = at([
        [-0.2, 1],
        [-0.1, 1],
        [-0.1, 1.4],
        [-0.2, 1.4],
      ]);
      painter.upright(post, z, solid(scaled(body, 0.9)), LABEL.car);
      painter.upright(
        at([
          [-2.15, 0.66],
          [-2, 0.66],
          [-1.95, 0.84],
          [-2.1, 0.84],
        ]),
        z,
        solid(tail),
        LABEL.car,
      );
      painter.upright(
        at([
          [2.13, 0.6],
          [1.9, 0.62],
          [1.88, 0.76],
          [2.06, 0.76],
        ]),
        z,
        solid(lamp),
        LABEL.car,
      );
      for (const along of SALOON.wheels) {
        const wheelX = x + (along - 2.15) * heading;
        painter.disc(wheelX, 0.34, z, 0.33, solid(tyre), LABEL.car);
        painter.disc(wheelX, 0.34, z, 0.19, gradient([150, 152, 156], [92, 94, 98]), LABEL.car);
      }
    },
  });
}
