// Lamp posts, traffic signs and traffic lights. Posts and arms are poles; boxes and plates are lights and signs.
import { LABEL } from './labels.ts';
import { gradient, lit, type Rgb, scaled, solid } from './paint.ts';
import { PAINT_ONLY } from './rasteriser.ts';
import { footprintAround, type Scene } from './scene.ts';
import { positions, type Side } from './sceneStreams.ts';
import { onCrossStreet, type StreetSide } from './streetPlan.ts';

export function placeFurniture(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan } = scene;
  placeTrafficLight(scene, side);
  positions(streams.layout('post row', side.sign), [5, 9], [6, 11], 34).forEach((z, slot) => {
    const draw = streams.layout('post', side.sign, slot);
    const hasLamp = draw.uniform() < parameters.pLamp * 0.5;
    const lampHeight = draw.uniform(4.5, 7.5);
    const hasSign = draw.uniform() < parameters.pSign * 0.55;
    const signX = draw.uniform(0.4, 1);
    const signHeight = draw.uniform(2.4, 3.4);
    if (hasLamp && !onCrossStreet(plan, z - 0.2, z + 0.2)) {
      placeLamp(scene, side.sign, slot, side.roadEdge + side.sign * 0.45, z, lampHeight);
    }
    if (hasSign && !onCrossStreet(plan, z + 0.8, z + 1.2)) {
      placeSign(scene, side.sign, slot, side.roadEdge + side.sign * signX, z + 1, signHeight);
    }
  });
}

/** A round post: lit on the side of the sun, dark on the other. */
function paintPost({ painter, light }: Scene, x: number, z: number, half: number, height: number, colour: Rgb): void {
  painter.zplane(x - half, x + half, 0, height, z, solid(colour), LABEL.pole);
  const dark = light.sunSide < 0 ? [x + half * 0.2, x + half] : [x - half, x - half * 0.2];
  painter.zplane(dark[0] ?? x, dark[1] ?? x, 0, height, z, solid(scaled(colour, 0.78)), PAINT_ONLY);
  painter.zplane(x - half * 1.5, x + half * 1.5, 0, 0.55, z, solid(scaled(colour, 0.82)), LABEL.pole);
}

function placeLamp(scene: Scene, sign: Side, slot: number, x: number, z: number, height: number): void {
  const { streams, palette, painter, places } = scene;
  if (!places.claim(footprintAround(x, z, 0.2))) return;
  const draw = streams.layout('lamp', sign, slot);
  const half = draw.uniform(0.1, 0.15);
  const reach = draw.uniform(0.7, 1.8);
  const colour = palette.colour('pole', streams.colour('lamp', sign, slot));
  const glass = palette.fixed([255, 246, 214], 0.3);
  scene.objects.push({
    footprint: footprintAround(x, z, 0.15),
    reach: 2.2,
    paint: () => {
      paintPost(scene, x, z, half, height, colour);
      const tip = x - sign * reach;
      painter.bar([x, height - 0.1], [tip, height + 0.12], z, [0.09, 0.07], lit(colour), LABEL.pole);
      painter.zplane(tip - 0.34, tip + 0.34, height + 0.02, height + 0.2, z, lit(colour, 0.3), LABEL.pole);
      painter.zplane(tip - 0.26, tip + 0.26, height - 0.03, height + 0.04, z, solid(glass), PAINT_ONLY);
    },
  });
}

function placeSign(scene: Scene, sign: Side, slot: number, x: number, z: number, height: number): void {
  const { streams, palette, places } = scene;
  if (!places.claim(footprintAround(x, z, 0.2))) return;
  const draw = streams.layout('sign', sign, slot);
  const half = draw.uniform(0.06, 0.09);
  const shape = draw.uniform();
  const size = draw.uniform(0.42, 0.62);
  const y = Math.min(height, 2.6 + shape * 0.6);
  const colours = streams.colour('sign', sign, slot);
  const post = palette.colour('pole', colours);
  const plate = palette.colour('sign', colours);
  const pale = palette.fixed([240, 240, 236], 0.22);
  const red = palette.fixed([214, 40, 40], 0.32);
  const ink = palette.fixed([34, 34, 38], 0);
  scene.objects.push({
    footprint: footprintAround(x, z, 0.1),
    reach: 0.7,
    paint: () => {
      paintPost(scene, x, z, half * 1.5, Math.max(height, y), post);
      if (shape < 0.33) paintRoundSign(scene, x, y, z, size, plate, pale);
      else if (shape < 0.6) paintWarning(scene, x, y, z, size, red, pale, ink);
      else paintBoard(scene, x, y, z, size, plate, pale);
    },
  });
}

function paintRoundSign(
  { painter }: Scene,
  x: number,
  y: number,
  z: number,
  size: number,
  plate: Rgb,
  pale: Rgb,
): void {
  painter.disc(x, y, z, size, lit(plate), LABEL.trafficSign);
  painter.disc(x, y, z, size * 0.72, lit(pale, 0.08), PAINT_ONLY);
  painter.zplane(
    x - size * 0.42,
    x + size * 0.42,
    y - size * 0.14,
    y + size * 0.14,
    z,
    solid(scaled(plate, 0.8)),
    PAINT_ONLY,
  );
}

function paintWarning(
  { painter }: Scene,
  x: number,
  y: number,
  z: number,
  size: number,
  red: Rgb,
  pale: Rgb,
  ink: Rgb,
): void {
  const triangle = (s: number) => [x, y + s, x + s, y - s * 0.8, x - s, y - s * 0.8];
  painter.upright(triangle(size), z, lit(red), LABEL.trafficSign);
  painter.upright(triangle(size * 0.66), z, lit(pale, 0.08), PAINT_ONLY);
  painter.zplane(x - size * 0.08, x + size * 0.08, y - size * 0.3, y + size * 0.26, z, solid(ink), PAINT_ONLY);
}

function paintBoard({ painter }: Scene, x: number, y: number, z: number, size: number, plate: Rgb, pale: Rgb): void {
  const [w, h] = [size * 1.1, size * 0.75];
  painter.zplane(x - w, x + w, y - h, y + h, z, lit(pale, 0.08), LABEL.trafficSign);
  painter.zplane(x - w * 0.93, x + w * 0.93, y - h * 0.9, y + h * 0.9, z, lit(plate), PAINT_ONLY);
  painter.bar([x - w * 0.5, y - h * 0.45], [x - w * 0.5, y + h * 0.4], z, [0.05, 0.05], solid(pale), PAINT_ONLY);
  painter.upright(
    [x - w * 0.5, y + h * 0.72, x - w * 0.25, y + h * 0.2, x - w * 0.75, y + h * 0.2],
    z,
    solid(pale),
    PAINT_ONLY,
  );
  for (const k of [0.35, -0.15])
    painter.zplane(x - w * 0.05, x + w * 0.75, y + h * (k - 0.12), y + h * (k + 0.12), z, solid(pale), PAINT_ONLY);
}

function placeTrafficLight(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, places, palette } = scene;
  const draw = streams.layout('traffic light', side.sign);
  const present = draw.uniform() < parameters.pLight;
  const away = draw.uniform(7, 18);
  const height = draw.uniform(3.6, 5.2);
  const hasArm = draw.uniform() < 0.4;
  const z = plan.cross === null ? away : plan.cross.z0 - 1.5;
  const x = side.roadEdge + side.sign * 0.5;
  if (!present || !places.claim(footprintAround(x, z, 0.3))) return;
  const colours = streams.colour('traffic light', side.sign);
  const post = palette.colour('pole', colours);
  const box = palette.colour('lightBox', colours);
  // One signal for the whole scene: both sides of a crossing agree.
  const phase = streams.colour('signal').integer(3);
  scene.objects.push({
    footprint: footprintAround(x, z, 0.2),
    reach: 3.2,
    paint: () => {
      const top = hasArm ? Math.max(height, 4.4) : height * 0.86;
      paintPost(scene, x, z, 0.13, top, post);
      if (hasArm) {
        const tip = x - side.sign * 2.9;
        scene.painter.bar([x, top - 0.1], [tip, top - 0.05], z, [0.1, 0.07], lit(post), LABEL.pole);
        paintSignal(scene, tip, top + 0.1, z, box, phase);
      }
      paintSignal(scene, x, Math.min(top + 0.05, 3.5), z, box, phase);
    },
  });
}

const LAMPS: readonly Rgb[] = [
  [255, 60, 48],
  [255, 190, 40],
  [70, 236, 120],
];

function paintSignal({ painter, palette }: Scene, x: number, top: number, z: number, box: Rgb, phase: number): void {
  painter.zplane(
    x - 0.26,
    x + 0.26,
    top - 1.15,
    top,
    z,
    gradient(scaled(box, 1.25), scaled(box, 0.9)),
    LABEL.trafficLight,
  );
  LAMPS.forEach((lamp, i) => {
    const y = top - 0.22 - 0.36 * i;
    const on = i === phase;
    painter.disc(x, y, z, 0.155, solid(scaled(palette.fixed(lamp, 0.15), on ? 1 : 0.34)), PAINT_ONLY);
    if (on) painter.disc(x - 0.03, y + 0.03, z, 0.08, solid(palette.fixed([255, 250, 225], 0.1)), PAINT_ONLY);
  });
}
