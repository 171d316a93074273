// Bicycles and motorcycles, parked or ridden. The vehicle keeps its own class; whoever sits on it is a rider.
import { LABEL } from './labels.ts';
import { gradient, lit, type Rgb, scaled, solid } from './paint.ts';
import { drawOutfit, type Outfit, paintHead } from './people.ts';
import { type Footprint, footprintAround, type Scene } from './scene.ts';
import type { Side } from './sceneStreams.ts';

export interface TwoWheelerPlace {
  readonly kind: 'bicycle' | 'motorcycle';
  readonly x: number;
  readonly z: number;
  /** Seen from its side, rather than from front or rear. */
  readonly sideView: boolean;
  readonly ridden: boolean;
}

interface Machine extends TwoWheelerPlace {
  readonly body: Rgb;
  readonly tyre: Rgb;
  readonly metal: Rgb;
  readonly lamp: Rgb;
  /** 1: heads right. */
  readonly heading: -1 | 1;
}

type Point = readonly [number, number];

export function twoWheelerFootprint({ x, z, sideView }: TwoWheelerPlace): Footprint {
  return sideView ? footprintAround(x, z, 0.95, 0.3) : footprintAround(x, z, 0.38, 0.5);
}

export function addTwoWheeler(scene: Scene, element: string, side: Side, slot: number, place: TwoWheelerPlace): void {
  const { streams, palette, painter, light } = scene;
  const { kind, x, z, sideView, ridden } = place;
  const draws = streams.colour(element, side, slot);
  const machine: Machine = {
    ...place,
    body: palette.colour(kind, draws),
    tyre: palette.colour('tyre', draws),
    metal: palette.fixed([168, 170, 176], 0.3),
    lamp: palette.fixed([255, 250, 226], 0.15),
    heading: streams.layout(`${element} heading`, side, slot).uniform() < 0.5 ? -1 : 1,
  };
  const outfit = drawOutfit(palette, draws);
  const helmet = palette.colour('clothes', draws);
  scene.objects.push({
    footprint: twoWheelerFootprint(place),
    castShadow: () => painter.groundShadow(x, z, sideView ? 1.25 : 0.6, 0.5, 0.7 * light.shadow),
    paint: () => {
      if (sideView) {
        if (kind === 'bicycle') paintBicycle(scene, machine);
        else paintMotorcycle(scene, machine);
        if (ridden) paintRiderSideways(scene, machine, outfit, helmet);
      } else {
        paintEndOn(scene, machine);
        if (ridden) paintRiderEndOn(scene, machine, outfit, helmet);
      }
    },
  });
}

/** Maps a point of the machine, x forwards, to the scene. */
const placed = ({ x, heading }: Machine, [forwards, y]: Point): Point => [x + forwards * heading, y];

function tube(
  { painter }: Scene,
  machine: Machine,
  a: Point,
  b: Point,
  half: number,
  colour: Rgb,
  label: number,
): void {
  painter.bar(placed(machine, a), placed(machine, b), machine.z, [half, half], solid(colour), label);
}

function paintBicycle(scene: Scene, machine: Machine): void {
  const { painter } = scene;
  const { z, body, tyre, metal } = machine;
  const label = LABEL.bicycle;
  const radius = 0.36;
  for (const forwards of [-0.58, 0.58]) {
    const [wheelX] = placed(machine, [forwards, radius]);
    painter.disc(wheelX, radius, z, radius, solid(tyre), label);
    painter.disc(wheelX, radius, z, radius * 0.8, gradient(scaled(metal, 0.86), scaled(metal, 0.7)), label);
    painter.disc(wheelX, radius, z, radius * 0.14, solid(tyre), label);
  }
  const frame: readonly (readonly [Point, Point])[] = [
    [
      [-0.58, 0.36],
      [-0.12, 0.32],
    ],
    [
      [-0.58, 0.36],
      [-0.22, 0.84],
    ],
    [
      [-0.12, 0.32],
      [-0.24, 0.92],
    ],
    [
      [-0.12, 0.32],
      [0.4, 0.82],
    ],
    [
      [-0.2, 0.8],
      [0.42, 0.84],
    ],
    [
      [0.58, 0.36],
      [0.4, 1],
    ],
  ];
  for (const [a, b] of frame) tube(scene, machine, a, b, 0.045, body, label);
  tube(scene, machine, [-0.4, 0.96], [-0.1, 0.96], 0.05, tyre, label);
  tube(scene, machine, [0.3, 1.04], [0.5, 1], 0.04, tyre, label);
}

function paintMotorcycle(scene: Scene, machine: Machine): void {
  const { painter } = scene;
  const { z, body, tyre, metal, lamp } = machine;
  const label = LABEL.motorcycle;
  const radius = 0.35;
  const shape = (points: readonly Point[], colour: Rgb) =>
    painter.upright(
      points.flatMap((point) => placed(machine, point)),
      z,
      lit(colour, 0.3),
      label,
    );
  for (const forwards of [-0.68, 0.72]) {
    const [wheelX] = placed(machine, [forwards, radius]);
    painter.disc(wheelX, radius, z, radius, solid(tyre), label);
    painter.disc(wheelX, radius, z, radius * 0.55, gradient(scaled(metal, 0.9), scaled(metal, 0.65)), label);
  }
  shape(
    [
      [-0.35, 0.28],
      [0.38, 0.28],
      [0.46, 0.62],
      [-0.3, 0.66],
    ],
    scaled(tyre, 1.5),
  );
  tube(scene, machine, [-0.95, 0.36], [0.1, 0.3], 0.06, metal, label);
  tube(scene, machine, [0.72, 0.35], [0.42, 0.98], 0.055, metal, label);
  shape(
    [
      [-0.92, 0.72],
      [-0.82, 0.82],
      [-0.1, 0.78],
      [-0.05, 0.66],
      [-0.5, 0.56],
    ],
    body,
  );
  shape(
    [
      [-0.75, 0.82],
      [-0.7, 0.9],
      [-0.12, 0.86],
      [-0.08, 0.76],
    ],
    scaled(tyre, 1.2),
  );
  shape(
    [
      [-0.12, 0.72],
      [-0.05, 0.94],
      [0.25, 1],
      [0.46, 0.86],
      [0.42, 0.66],
    ],
    body,
  );
  shape(
    [
      [0.5, 0.62],
      [0.98, 0.66],
      [0.9, 0.76],
      [0.5, 0.74],
    ],
    body,
  );
  tube(scene, machine, [0.24, 1.1], [0.46, 1], 0.045, tyre, label);
  const [lampX, lampY] = placed(machine, [0.55, 0.92]);
  painter.disc(lampX, lampY, z, 0.11, lit(lamp, 0.1), label);
}

function paintEndOn({ painter }: Scene, { kind, x, z, body, tyre, metal, lamp }: Machine): void {
  const label = LABEL[kind];
  if (kind === 'bicycle') {
    painter.disc(x, 0.36, z, 0.075, solid(tyre), label, 4.8);
    painter.bar([x, 0.5], [x, 1], z, [0.07, 0.06], solid(body), label);
    painter.bar([x - 0.33, 1], [x + 0.33, 1], z, [0.045, 0.045], solid(tyre), label);
    painter.zplane(x - 0.11, x + 0.11, 0.88, 0.97, z, solid(scaled(tyre, 1.3)), label);
    painter.zplane(x - 0.16, x + 0.16, 0.3, 0.36, z, solid(metal), label);
    return;
  }
  painter.disc(x, 0.36, z, 0.14, solid(tyre), label, 2.6);
  painter.zplane(x - 0.3, x + 0.3, 0.42, 0.5, z, solid(scaled(tyre, 1.4)), label);
  painter.upright(
    [x - 0.2, 0.45, x + 0.2, 0.45, x + 0.26, 0.84, x + 0.14, 1.02, x - 0.14, 1.02, x - 0.26, 0.84],
    z,
    lit(body, 0.3),
    label,
  );
  painter.disc(x, 0.86, z, 0.12, lit(lamp, 0.1), label);
  painter.bar([x - 0.4, 1.04], [x + 0.4, 1.04], z, [0.045, 0.045], solid(tyre), label);
  for (const s of [-1, 1]) painter.disc(x + s * 0.4, 1.14, z, 0.08, lit(metal), label, 0.7);
}

function paintRiderSideways(scene: Scene, machine: Machine, outfit: Outfit, helmet: Rgb): void {
  const { painter, light } = scene;
  const { kind, z } = machine;
  const label = LABEL.rider;
  const seat = kind === 'bicycle' ? 0.98 : 0.88;
  const hip: Point = [-0.24, seat];
  const shoulder: Point = kind === 'bicycle' ? [0.08, seat + 0.52] : [0.02, seat + 0.54];
  const pedal: Point = kind === 'bicycle' ? [0.02, 0.24] : [0.06, 0.34];
  const knee: Point = [0.2, kind === 'bicycle' ? 0.66 : 0.72];
  const grip: Point = [0.4, kind === 'bicycle' ? 1.04 : 1.08];
  const limb = (a: Point, b: Point, half: Point, colour: Rgb) =>
    painter.bar(placed(machine, a), placed(machine, b), z, half, lit(scaled(colour, light.front), 0.2), label);
  limb(knee, pedal, [0.085, 0.06], scaled(outfit.trousers, 0.92));
  limb(hip, knee, [0.13, 0.095], outfit.trousers);
  limb([-0.26, seat - 0.08], [shoulder[0], shoulder[1] + 0.05], [0.17, 0.19], outfit.top);
  limb(shoulder, grip, [0.075, 0.055], scaled(outfit.top, 0.88));
  const [headX, headY] = placed(machine, [shoulder[0] + 0.1, shoulder[1] + 0.22]);
  paintHead(scene, headX, headY, z, 0.145, label, outfit.skin, helmet);
}

function paintRiderEndOn(scene: Scene, { kind, x, z }: Machine, outfit: Outfit, helmet: Rgb): void {
  const { painter, light } = scene;
  const label = LABEL.rider;
  const seat = kind === 'bicycle' ? 0.92 : 0.84;
  const shirt = scaled(outfit.top, light.front);
  const cloth = scaled(outfit.trousers, light.front);
  for (const s of [-1, 1]) {
    painter.bar([x + s * 0.12, seat + 0.04], [x + s * 0.2, seat - 0.36], z, [0.12, 0.09], lit(cloth), label);
    painter.bar(
      [x + s * 0.2, seat - 0.36],
      [x + s * 0.17, kind === 'bicycle' ? 0.2 : 0.36],
      z,
      [0.085, 0.065],
      lit(scaled(cloth, 0.88)),
      label,
    );
    painter.bar(
      [x + s * 0.22, seat + 0.52],
      [x + s * 0.34, seat + 0.18],
      z,
      [0.075, 0.06],
      lit(scaled(shirt, 0.88)),
      label,
    );
  }
  const body = [
    x - 0.27,
    seat + 0.5,
    x - 0.14,
    seat + 0.58,
    x + 0.14,
    seat + 0.58,
    x + 0.27,
    seat + 0.5,
    x + 0.2,
    seat - 0.02,
    x - 0.2,
    seat - 0.02,
  ];
  painter.upright(body, z, gradient(scaled(shirt, 1.08), scaled(shirt, 0.84)), label);
  paintHead(scene, x, seat + 0.72, z, 0.145, label, outfit.skin, helmet);
}
