// Buses, trams and lorries: long boxes with what makes each of them recognisable.
import { visibleSide } from './carBody.ts';
import { LABEL, type Label } from './labels.ts';
import { gradient, lit, mixed, type Rgb, scaled, solid } from './paint.ts';
import { type Scene, sideLight } from './scene.ts';

export type LargeKind = 'bus' | 'train' | 'truck';

export interface LargePlace {
  readonly x: number;
  readonly z: number;
  readonly length: number;
  readonly height: number;
  readonly towards: boolean;
}

export const LARGE_HALF_WIDTH: Readonly<Record<LargeKind, number>> = { bus: 1.25, train: 1.25, truck: 1.2 };

interface Colours {
  readonly body: Rgb;
  readonly second: Rgb;
  readonly glass: Rgb;
  readonly tyre: Rgb;
  readonly tail: Rgb;
  readonly lamp: Rgb;
  readonly pale: Rgb;
}

interface Vehicle extends LargePlace {
  readonly half: number;
  readonly label: Label;
  readonly colours: Colours;
}

export function addLargeVehicle(scene: Scene, kind: LargeKind, place: LargePlace): void {
  const { streams, palette, painter, light } = scene;
  const draws = streams.colour(kind);
  const body = palette.colour(kind, draws);
  const colours: Colours = {
    body,
    second: kind === 'truck' ? palette.colour('truck', draws) : mixed(body, palette.fixed([248, 248, 246], 0.34), 0.75),
    glass: palette.colour('glass', draws),
    tyre: palette.colour('tyre', draws),
    tail: palette.colour('tailLight', draws),
    lamp: palette.fixed([255, 252, 232], 0.18),
    pale: palette.fixed([240, 238, 228], 0.24),
  };
  const vehicle: Vehicle = { ...place, half: LARGE_HALF_WIDTH[kind], label: LABEL[kind], colours };
  const { x, z, length } = place;
  const { half } = vehicle;
  scene.objects.push({
    footprint: { x0: x - half, x1: x + half, z0: z, z1: z + length },
    castShadow: () => {
      if (kind === 'train') paintRails(scene, x);
      painter.groundShadow(x - light.sunSide * 0.8, z + length / 2, half * 1.7, length * 0.62, 0.6 * light.shadow);
      painter.groundTint(x - half, x + half, z, z + length, [16, 16, 20], 0.75);
    },
    paint: () => {
      if (kind === 'truck') paintTruck(scene, vehicle);
      else if (kind === 'bus') paintBus(scene, vehicle);
      else paintTram(scene, vehicle);
    },
  });
}

function paintRails({ painter }: Scene, x: number): void {
  for (const rail of [-0.72, 0.72]) {
    painter.groundTint(x + rail - 0.11, x + rail + 0.11, 0.9, 100, [40, 40, 44], 0.5);
    painter.groundTint(x + rail - 0.035, x + rail + 0.035, 0.9, 100, [206, 206, 206], 0.55);
  }
}

/** One side of the body, if the camera sees it. */
function flank(
  scene: Scene,
  { x, z, half, length, label }: Vehicle,
  from: number,
  to: number,
  y0: number,
  y1: number,
  colour: Rgb,
  spread = 0.2,
): void {
  const side = visibleSide(x, half);
  if (side === null) return;
  const shade = sideLight(scene.light, x);
  scene.painter.xplane(
    x + side * half,
    z + length * from,
    z + length * to,
    y0,
    y1,
    lit(scaled(colour, shade), spread),
    label,
  );
}

function wheels(scene: Scene, vehicle: Vehicle, shares: readonly number[], radius: number): void {
  const { x, z, half, length, label, colours } = vehicle;
  const side = visibleSide(x, half);
  if (side === null) return;
  for (const share of shares) {
    const at = z + length * share;
    scene.painter.wheel(x + side * half, radius + 0.04, at, radius * 1.18, solid(scaled(colours.tyre, 0.6)), label);
    scene.painter.wheel(x + side * half, radius, at, radius, lit(colours.tyre), label);
    scene.painter.wheel(x + side * half, radius, at, radius * 0.5, gradient([148, 150, 152], [92, 94, 96]), label);
  }
}

/** Pairs of lamps near the lower corners of the near end. */
function lamps({ painter }: Scene, { x, z, half, towards, label, colours }: Vehicle, y: number): void {
  const colour = towards ? colours.lamp : colours.tail;
  for (const s of [-1, 1]) {
    const at = x + s * (half - 0.24);
    painter.zplane(at - 0.16, at + 0.16, y, y + 0.26, z, lit(colour, 0.2), label);
  }
}

function nearEnd(
  { painter, light }: Scene,
  { x, z, half, label }: Vehicle,
  y0: number,
  y1: number,
  colour: Rgb,
  share = 1,
): void {
  painter.zplane(x - half * share, x + half * share, y0, y1, z, lit(scaled(colour, light.front), 0.2), label);
}

function tyresBelow({ painter }: Scene, { x, z, half, label, colours }: Vehicle, y: number): void {
  painter.zplane(x - half * 0.94, x + half * 0.94, 0.22, y, z + 0.2, solid(scaled(colours.tyre, 0.75)), label);
  for (const s of [-1, 1]) {
    const at = x + s * half * 0.72;
    painter.zplane(at - 0.24, at + 0.24, 0, y, z + 0.1, lit(colours.tyre), label);
  }
}

function paintBus(scene: Scene, bus: Vehicle): void {
  const { x, z, half, length, height, towards, label, colours } = bus;
  const { body, second, glass, tyre } = colours;
  const { painter } = scene;
  tyresBelow(scene, bus, 0.42);
  flank(scene, bus, 0, 1, 0.34, height, body);
  flank(scene, bus, 0, 1, height - 0.28, height - 0.05, second);
  flank(scene, bus, 0, 1, 0.34, 0.5, scaled(body, 0.6));
  flank(scene, bus, 0, 1, 0.98, 1.06, second);
  flank(scene, bus, 0.015, 0.985, 1.32, 2.46, scaled(glass, 0.72));
  const panes = Math.max(4, Math.round(length / 1.6));
  for (let i = 0; i < panes; i++)
    flank(scene, bus, 0.02 + (0.96 * (i + 0.05)) / panes, 0.02 + (0.96 * (i + 0.92)) / panes, 1.38, 2.4, glass, 0.3);
  for (const door of [0.16, 0.6]) {
    flank(scene, bus, door, door + 0.1, 0.42, 2.4, scaled(glass, 0.8), 0.4);
    flank(scene, bus, door + 0.048, door + 0.052, 0.42, 2.4, scaled(tyre, 1.4));
  }
  wheels(scene, bus, [0.27, 0.8], 0.46);
  nearEnd(scene, bus, 0.34, height, body);
  nearEnd(scene, bus, 0.34, 0.58, scaled(body, 0.55));
  if (towards) {
    painter.zplane(
      x - half * 0.93,
      x + half * 0.93,
      1.05,
      2.4,
      z,
      gradient(scaled(glass, 1.1), scaled(glass, 0.7)),
      label,
    );
    painter.upright(
      [x - half * 0.5, 1.05, x - half * 0.2, 1.05, x + half * 0.25, 2.4, x - half * 0.05, 2.4],
      z,
      solid(scaled(glass, 1.2)),
      label,
    );
    painter.zplane(x - half * 0.72, x + half * 0.72, height - 0.5, height - 0.14, z, solid(scaled(tyre, 0.9)), label);
    painter.zplane(x - half * 0.5, x + half * 0.5, height - 0.4, height - 0.24, z, solid([255, 176, 46]), label);
  } else {
    painter.zplane(
      x - half * 0.82,
      x + half * 0.82,
      1.5,
      2.45,
      z,
      gradient(scaled(glass, 1.05), scaled(glass, 0.75)),
      label,
    );
    painter.zplane(x - half * 0.3, x + half * 0.3, height - 0.42, height - 0.16, z, solid(scaled(tyre, 0.9)), label);
    for (let i = 0; i < 3; i++)
      painter.zplane(
        x - half * 0.6,
        x + half * 0.6,
        0.82 + i * 0.15,
        0.88 + i * 0.15,
        z,
        solid(scaled(body, 0.62)),
        label,
      );
  }
  lamps(scene, bus, 0.66);
  painter.zplane(x - 0.26, x + 0.26, 0.42, 0.55, z, solid(colours.pale), label);
}

function paintTram(scene: Scene, tram: Vehicle): void {
  const { x, z, half, length, height, label, colours } = tram;
  const { body, second, glass, tyre } = colours;
  const { painter, light } = scene;
  painter.zplane(x - half * 0.9, x + half * 0.9, 0.08, 0.5, z + 0.4, solid(scaled(tyre, 0.8)), label);
  flank(scene, tram, 0.02, 0.98, 0.12, 0.42, scaled(tyre, 0.9));
  flank(scene, tram, 0, 1, 0.36, height, body);
  flank(scene, tram, 0, 1, 0.95, 1.2, second);
  flank(scene, tram, 0, 1, height - 0.36, height - 0.08, scaled(second, 0.86));
  flank(scene, tram, 0.01, 0.99, 1.4, 2.62, scaled(glass, 0.7));
  const panes = Math.max(6, Math.round(length / 1.9));
  for (let i = 0; i < panes; i++)
    flank(scene, tram, 0.015 + (0.97 * (i + 0.06)) / panes, 0.015 + (0.97 * (i + 0.9)) / panes, 1.46, 2.56, glass, 0.3);
  for (const door of [0.12, 0.45, 0.78]) flank(scene, tram, door, door + 0.07, 0.5, 2.6, scaled(glass, 0.84), 0.4);
  // Where the sections join.
  for (const joint of [0.33, 0.66]) flank(scene, tram, joint, joint + 0.025, 0.36, height, scaled(tyre, 1.1));
  const hull = [
    x - half,
    0.36,
    x + half,
    0.36,
    x + half,
    1.3,
    x + half * 0.9,
    height,
    x - half * 0.9,
    height,
    x - half,
    1.3,
  ];
  painter.upright(hull, z, lit(scaled(body, light.front), 0.2), label);
  const roof = [
    x - half * 0.9,
    height,
    x + half * 0.9,
    height,
    x + half * 0.62,
    height + 0.3,
    x - half * 0.62,
    height + 0.3,
  ];
  painter.upright(roof, z, solid(scaled(body, 0.66 * light.front)), label);
  painter.upright(
    [x - half * 0.9, 1.35, x + half * 0.9, 1.35, x + half * 0.8, 2.66, x - half * 0.8, 2.66],
    z,
    gradient(scaled(glass, 1.12), scaled(glass, 0.7)),
    label,
  );
  painter.upright(
    [x - half * 0.5, 1.35, x - half * 0.15, 1.35, x + half * 0.3, 2.66, x, 2.66],
    z,
    solid(scaled(glass, 1.22)),
    label,
  );
  painter.zplane(x - half * 0.55, x + half * 0.55, height - 0.46, height - 0.16, z, solid(scaled(tyre, 0.9)), label);
  painter.zplane(x - half * 0.3, x + half * 0.3, height - 0.38, height - 0.24, z, solid([255, 176, 46]), label);
  painter.zplane(x - half, x + half, 0.95, 1.16, z, solid(scaled(second, light.front)), label);
  painter.zplane(x - half * 0.8, x + half * 0.8, 0.36, 0.52, z, solid(scaled(tyre, 1.2)), label);
  lamps(scene, tram, 0.62);
  // Pantograph.
  painter.bar([x - 0.35, height + 0.3], [x + 0.25, height + 0.62], z + 1, [0.045, 0.045], solid(tyre), label);
  painter.bar([x + 0.25, height + 0.62], [x - 0.1, height + 0.95], z + 1, [0.045, 0.045], solid(tyre), label);
  painter.zplane(x - 0.75, x + 0.75, height + 0.92, height + 1, z + 1, solid(tyre), label);
}

function paintTruck(scene: Scene, truck: Vehicle): void {
  const { x, z, half, length, height, towards, label, colours } = truck;
  const { body, second, glass, tyre, pale } = colours;
  const { painter, light } = scene;
  const cab = 2.1 / length;
  const [loadFrom, loadTo] = towards ? [cab, 1] : [0, 1 - cab];
  const cabHeight = Math.min(height - 0.25, 2.75);
  tyresBelow(scene, truck, 0.85);
  flank(scene, truck, 0.03, 0.97, 0.5, 0.9, scaled(tyre, 1.25));
  if (towards) {
    painter.zplane(x - half, x + half, 0.95, height, z + 2.1, lit(scaled(body, light.front * 0.92), 0.2), label);
  }
  flank(scene, truck, loadFrom, loadTo, 0.9, height, body);
  const ribs = Math.max(3, Math.round(length / 1.1));
  for (let i = 1; i < ribs; i++) {
    const at = loadFrom + ((loadTo - loadFrom) * i) / ribs;
    flank(scene, truck, at, at + 0.012, 0.95, height - 0.05, scaled(body, 0.86));
  }
  flank(
    scene,
    truck,
    loadFrom + 0.15 * (loadTo - loadFrom),
    loadFrom + 0.85 * (loadTo - loadFrom),
    1.7,
    2.3,
    mixed(body, second, 0.7),
  );
  const [cabFrom, cabTo] = towards ? [0, cab] : [1 - cab, 1];
  flank(scene, truck, cabFrom, cabTo, 0.5, cabHeight, second);
  flank(scene, truck, cabFrom + cab * 0.25, cabFrom + cab * 0.75, 1.6, 2.3, glass, 0.3);
  wheels(scene, truck, towards ? [0.15, 0.72, 0.87] : [0.13, 0.28, 0.86], 0.48);
  if (towards) {
    nearEnd(scene, truck, 0.5, cabHeight, second);
    painter.zplane(
      x - half * 0.9,
      x + half * 0.9,
      1.5,
      2.35,
      z,
      gradient(scaled(glass, 1.12), scaled(glass, 0.72)),
      label,
    );
    painter.zplane(x - half * 0.62, x + half * 0.62, 0.82, 1.32, z, solid(scaled(tyre, 1.5)), label);
    painter.zplane(x - half, x + half, 0.42, 0.62, z, solid(scaled(second, 0.6)), label);
    for (const s of [-1, 1])
      painter.zplane(x + s * (half + 0.1) - 0.09, x + s * (half + 0.1) + 0.09, 1.6, 2.15, z, solid(tyre), label);
  } else {
    nearEnd(scene, truck, 0.9, height, body);
    // Door leaves, their bars, the underrun guard.
    painter.zplane(x - 0.025, x + 0.025, 0.95, height - 0.08, z, solid(scaled(body, 0.55)), label);
    for (const s of [-0.3, 0.3])
      painter.zplane(x + half * s - 0.03, x + half * s + 0.03, 1, height - 0.12, z, solid(scaled(body, 0.76)), label);
    painter.zplane(x - half, x + half, height - 0.1, height, z, solid(scaled(body, 0.72)), label);
    painter.zplane(x - half * 0.95, x + half * 0.95, 0.42, 0.56, z, solid(scaled(pale, 0.72)), label);
    painter.zplane(x - 0.26, x + 0.26, 0.58, 0.72, z, solid(pale), label);
  }
  lamps(scene, truck, 0.62);
}
