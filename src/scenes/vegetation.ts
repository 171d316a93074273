// Trees and bushes. A crown is a handful of overlapping ellipses, dark below and behind, bright towards the sun.
import { LABEL } from './labels.ts';
import { gradient, mixed, type Rgb, scaled } from './paint.ts';
import { PAINT_ONLY } from './rasteriser.ts';
import { footprintAround, type Scene } from './scene.ts';
import { positions, type Side } from './sceneStreams.ts';
import { onCrossStreet, type StreetSide } from './streetPlan.ts';

interface TreePlace {
  readonly x: number;
  readonly z: number;
  readonly height: number;
  /** Of the crown, metres. */
  readonly radius: number;
}

interface Lobe {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

/** Below this radius in pixels leaves are not drawn. */
const LEAF_RADIUS = 9;

/** Trees and bushes along one side. */
export function placeTrees(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, places } = scene;
  positions(streams.layout('tree row', side.sign), [4, 9], [5, 9], 45).forEach((z, slot) => {
    const draw = streams.layout('tree place', side.sign, slot);
    const present = draw.uniform() < parameters.pTree;
    const atRoad = draw.uniform() < 0.6;
    const [fromRoad, fromBack] = [draw.uniform(0.6, 1.4), draw.uniform(0.2, 1.5)];
    const [height, radius] = [draw.uniform(4.5, 8), draw.uniform(1.3, 2.3)];
    const bushy = draw.uniform() < 0.2;
    if (onCrossStreet(plan, z - 0.3, z + 0.3)) return;
    const x = atRoad ? side.roadEdge + side.sign * fromRoad : side.back + side.sign * fromBack;
    if (present) {
      if (places.claim(footprintAround(x, z, 0.25))) {
        plantTree(scene, 'tree', side.sign, slot, { x, z, height, radius });
      }
    } else if (bushy) {
      const bushX = side.back + side.sign * 0.75;
      if (places.claim(footprintAround(bushX, z, 0.6, 0.4))) plantBush(scene, side.sign, slot, bushX, z);
    }
  });
}

export function plantTree(scene: Scene, kind: string, sign: Side, slot: number, place: TreePlace): void {
  const { x, z, height, radius } = place;
  const { streams, palette, painter, light } = scene;
  const draw = streams.layout(kind, sign, slot);
  const slender = draw.uniform() < 0.22;
  const lobes: Lobe[] = Array.from({ length: 7 }, (_, i) => ({
    x: x + draw.normal() * (slender ? 0.1 : 0.33) * radius,
    y: height * 0.75 + (slender ? (i / 3 - 1) * 0.95 : draw.normal() * 0.24) * radius,
    r: draw.uniform(0.55, 0.82) * radius * (slender ? 0.72 : 1),
  })).sort((a, b) => a.y + a.r * 0.5 - (b.y + b.r * 0.5));
  const colours = streams.colour(kind, sign, slot);
  const leaf = palette.colour('vegetation', colours);
  const bark = palette.colour('trunk', colours);
  const leaves = Array.from({ length: 15 }, () => [colours.uniform(-0.7, 0.7), colours.uniform(-0.7, 0.7)] as const);
  scene.objects.push({
    footprint: footprintAround(x, z, 0.25),
    reach: radius * 1.3,
    castShadow: () => {
      painter.groundShadow(x - light.sunSide * radius * 0.5, z, radius * 1.05, radius * 0.9, 0.5 * light.shadow);
    },
    paint: () => {
      paintTrunk(scene, x, z, height, bark);
      for (const lobe of lobes) paintLobe(scene, lobe, z, leaf, 0.78);
      for (const lobe of lobes) paintSunlight(scene, lobe, z, leaf);
      for (const lobe of lobes) paintLeaves(scene, lobe, z, leaf, leaves);
    },
  });
}

function paintTrunk({ painter, light }: Scene, x: number, z: number, height: number, bark: Rgb): void {
  const top = height * 0.62;
  painter.upright(
    [x - 0.19, 0, x + 0.19, 0, x + 0.13, top, x - 0.13, top],
    z,
    gradient(scaled(bark, 0.6), bark),
    LABEL.vegetation,
  );
  const shaded = light.sunSide < 0 ? [x + 0.04, x + 0.15] : [x - 0.15, x - 0.04];
  painter.zplane(
    shaded[0] ?? x,
    shaded[1] ?? x,
    0,
    top,
    z,
    gradient(scaled(bark, 0.5), scaled(bark, 0.72)),
    PAINT_ONLY,
  );
  for (const lean of [-1, 1]) {
    const branch: readonly [number, number] = [x + lean * height * 0.1, height * 0.74];
    painter.bar(
      [x, top * 0.8],
      branch,
      z,
      [0.08, 0.05],
      gradient(scaled(bark, 0.55), scaled(bark, 0.8)),
      LABEL.vegetation,
    );
  }
}

function paintLobe({ painter }: Scene, { x, y, r }: Lobe, z: number, leaf: Rgb, dark: number): void {
  painter.disc(x, y, z, r, gradient(scaled(leaf, 1.02), scaled(leaf, dark * 0.8)), LABEL.vegetation, 0.92);
}

/** A brighter ellipse inside each lobe, towards the sun. */
function paintSunlight({ painter, light }: Scene, { x, y, r }: Lobe, z: number, leaf: Rgb): void {
  const sunny = mixed(leaf, [255, 246, 170], 0.1);
  painter.disc(
    x + light.sunSide * r * 0.2,
    y + r * 0.24,
    z,
    r * 0.62,
    gradient(scaled(sunny, 1.2), scaled(leaf, 0.94)),
    PAINT_ONLY,
    0.8,
  );
}

function paintLeaves(
  { painter, camera, light }: Scene,
  { x, y, r }: Lobe,
  z: number,
  leaf: Rgb,
  leaves: readonly (readonly [number, number])[],
): void {
  if (camera.pixels(r, z) < LEAF_RADIUS) return;
  for (const [dx, dy] of leaves) {
    if (dx * dx + dy * dy > 0.55) continue;
    const brightness = 0.92 + 0.26 * dy + 0.14 * dx * light.sunSide + (dx * 17 - Math.floor(dx * 17)) * 0.16;
    const colour = scaled(leaf, brightness);
    painter.disc(
      x + dx * r,
      y + dy * r,
      z,
      r * 0.16,
      gradient(scaled(colour, 1.1), scaled(colour, 0.9)),
      PAINT_ONLY,
      0.7,
    );
  }
}

function plantBush(scene: Scene, sign: Side, slot: number, x: number, z: number): void {
  const { streams, palette, painter, light } = scene;
  const draw = streams.layout('bush', sign, slot);
  const size = draw.uniform(0.5, 1.1);
  const leaf = palette.colour('vegetation', streams.colour('bush', sign, slot));
  const lobes = [-1, 1, 0].map((k) => ({
    x: x + k * size * 0.75,
    y: size * (k === 0 ? 0.66 : 0.48),
    r: size * (k === 0 ? 0.9 : 0.78),
  }));
  scene.objects.push({
    footprint: footprintAround(x, z, 0.6, 0.4),
    reach: size,
    castShadow: () => painter.groundShadow(x, z, size * 1.7, 0.7, 0.55 * light.shadow),
    paint: () => {
      for (const lobe of lobes) {
        // Bushes rest on the ground: what would hang below it is cut by flattening.
        painter.disc(
          lobe.x,
          Math.max(lobe.y, lobe.r * 0.7),
          z,
          lobe.r,
          gradient(scaled(leaf, 1.05), scaled(leaf, 0.6)),
          LABEL.vegetation,
          0.7,
        );
        painter.disc(
          lobe.x + light.sunSide * lobe.r * 0.2,
          lobe.y + lobe.r * 0.24,
          z,
          lobe.r * 0.55,
          gradient(scaled(leaf, 1.2), scaled(leaf, 0.92)),
          PAINT_ONLY,
          0.6,
        );
      }
    },
  });
}
