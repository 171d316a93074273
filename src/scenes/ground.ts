// The ground from the horizon to the bonnet: terrain, strips, sidewalks, road and markings, and their wear.
import { NEAR } from './camera.ts';
import { LABEL } from './labels.ts';
import { gradient, mixed, type Rgb, scaled } from './paint.ts';
import { PAINT_ONLY } from './rasteriser.ts';
import type { Scene } from './scene.ts';
import { PARKING, type StreetSide } from './streetPlan.ts';

const FAR = 120;
const CURB = 0.25;
/** Beyond this depth seams between slabs are thinner than a pixel. */
const SEAMS_END = 22;

export function paintGround(scene: Scene): void {
  const { camera, painter, palette, streams, plan } = scene;
  const colours = streams.colour('ground');
  const terrain = palette.colour('terrain', colours);
  const sidewalk = palette.colour('sidewalk', colours);
  const road = palette.colour('road', colours);
  const curb = palette.colour('curb', colours);
  const marking = palette.colour('marking', colours);
  const first = Math.floor(camera.horizon);
  const { height } = camera.size;
  painter.raster.band(first, height, gradient(scaled(terrain, 1.06), scaled(terrain, 0.9)), LABEL.terrain, (row) =>
    camera.groundDepth(row),
  );
  for (const side of plan.sides) {
    paintLawn(scene, side, terrain);
    paintSidewalk(scene, side, sidewalk, curb);
  }
  paintRoad(scene, road);
  for (const side of plan.sides) paintGutter(scene, side, road);
  paintMarkings(scene, mixed(marking, road, 0.06));
}

const ground = (scene: Scene, a: number, b: number, z0: number, z1: number, colour: Rgb, label: number) =>
  scene.painter.ground(Math.min(a, b), Math.max(a, b), z0, z1, colour, label);

/** Patches of other greens, so that lawns are not one flat colour. */
function paintLawn(scene: Scene, side: StreetSide, terrain: Rgb): void {
  const { painter, streams } = scene;
  const draw = streams.colour('lawn', side.sign);
  for (let i = 0; i < 14; i++) {
    const x = side.roadEdge + side.sign * draw.uniform(1, 16);
    const z = draw.uniform(4, 34);
    const tone = draw.uniform() < 0.5 ? scaled(terrain, 0.82) : scaled(terrain, 1.14);
    const { camera } = painter;
    const near = camera.v(0, Math.max(NEAR, z - 1.6));
    const far = camera.v(0, z + 1.6);
    painter.raster.softEllipse(camera.u(x, z), (near + far) / 2, camera.pixels(2.6, z), (near - far) / 2, tone, 0.5);
  }
}

function paintSidewalk(scene: Scene, side: StreetSide, sidewalk: Rgb, curb: Rgb): void {
  const { painter } = scene;
  const { sign, roadEdge, walkInner, walkOuter, back, facade } = side;
  if (side.paved) ground(scene, back, facade, NEAR, FAR, scaled(sidewalk, 0.97), LABEL.sidewalk);
  ground(scene, walkInner, walkOuter, NEAR, FAR, sidewalk, LABEL.sidewalk);
  const outer = side.paved && Math.abs(walkOuter - back) < 0.01 ? facade : walkOuter;
  for (let z = Math.ceil(NEAR / 1.5) * 1.5; z < SEAMS_END; z += 1.5) {
    const strength = 0.16 * (1 - z / SEAMS_END);
    const [a, b] = sign < 0 ? [outer, walkInner] : [walkInner, outer];
    painter.groundTint(a, b, z, z + 0.05 + z * 0.004, scaled(sidewalk, 0.5), strength * 2);
  }
  const seam = (walkInner + walkOuter) / 2;
  painter.groundTint(seam - 0.03, seam + 0.03, NEAR, SEAMS_END, scaled(sidewalk, 0.5), 0.2);
  ground(scene, roadEdge, roadEdge + sign * CURB, NEAR, FAR, curb, LABEL.sidewalk);
  // The face of the curb, in its own shadow.
  const shade = roadEdge + sign * 0.05;
  painter.groundTint(Math.min(roadEdge, shade), Math.max(roadEdge, shade), NEAR, 40, scaled(curb, 0.45), 0.6);
}

function paintRoad(scene: Scene, road: Rgb): void {
  const { painter, plan, streams } = scene;
  const [left, right] = plan.sides;
  painter.ground(left.roadEdge, right.roadEdge, NEAR, FAR, road, LABEL.road);
  const { cross } = plan;
  if (cross !== null) painter.ground(-90, 90, cross.z0, cross.z1, road, LABEL.road);
  // Tyres polish two tracks a lane; the middle of a lane is darker from oil.
  const free = plan.halfWidth - PARKING;
  for (const sign of [-1, 1]) {
    const lane = plan.middle + sign * free * 0.5;
    for (const track of [-0.75, 0.75]) {
      painter.groundTint(lane + track - 0.28, lane + track + 0.28, NEAR, 70, scaled(road, 1.22), 0.22);
    }
    painter.groundTint(lane - 0.3, lane + 0.3, NEAR, 70, scaled(road, 0.75), 0.2);
  }
  const wear = streams.colour('wear');
  for (let i = 0; i < 5; i++) {
    const x = plan.middle + wear.uniform(-1, 1) * (plan.halfWidth - 1.2);
    const z = wear.uniform(3, 26);
    const [halfX, length] = [wear.uniform(0.3, 1.1), wear.uniform(1, 4.5)];
    const tone = wear.uniform() < 0.65 ? 0.72 : 1.2;
    painter.groundTint(x - halfX, x + halfX, z, z + length, scaled(road, tone), 0.34);
  }
  const manhole = plan.middle + wear.uniform(-0.6, 0.6) * plan.halfWidth;
  const at = wear.uniform(4, 14);
  paintManhole(scene, manhole, at, road);
}

function paintManhole(scene: Scene, x: number, z: number, road: Rgb): void {
  const { camera, raster } = scene.painter;
  const ry = (camera.v(0, z - 0.36) - camera.v(0, z + 0.36)) / 2;
  const y = (camera.v(0, z - 0.36) + camera.v(0, z + 0.36)) / 2;
  const rx = camera.pixels(0.36, z);
  const paint = (k: number, size: number) => {
    const colour = scaled(road, k);
    raster.ellipse(camera.u(x, z), y, rx * size, ry * size, { top: colour, bottom: colour }, PAINT_ONLY, 0);
  };
  paint(0.62, 1);
  paint(0.86, 0.78);
}

function paintGutter(scene: Scene, side: StreetSide, road: Rgb): void {
  const inner = side.roadEdge - side.sign * 0.35;
  const [a, b] = [Math.min(inner, side.roadEdge), Math.max(inner, side.roadEdge)];
  const { cross } = scene.plan;
  const strip = (z0: number, z1: number) => scene.painter.groundTint(a, b, z0, z1, scaled(road, 0.7), 0.45);
  if (cross === null) strip(NEAR, 70);
  else {
    strip(NEAR, cross.z0);
    strip(cross.z1, 70);
  }
}

function paintMarkings(scene: Scene, marking: Rgb): void {
  const { painter, plan, streams } = scene;
  const draw = streams.layout('markings');
  const phase = draw.uniform(0, 5);
  const dashed = draw.uniform() < 0.6;
  const { cross, middle, halfWidth, zebra } = plan;
  const gapFrom = zebra ?? cross?.z0 ?? FAR;
  const gapTo = cross?.z1 ?? (zebra === null ? FAR : zebra + 3);
  /** A line along the street that stops at crossings. */
  const line = (x: number, half: number, z0: number, z1: number) => {
    painter.ground(x - half, x + half, z0, Math.min(z1, gapFrom - 0.6), marking, PAINT_ONLY);
    painter.ground(x - half, x + half, Math.max(z0, gapTo + 0.6), z1, marking, PAINT_ONLY);
  };
  const dashes = (x: number, half: number, length: number, period: number) => {
    for (let z = phase - 5; z < 64; z += period) line(x, half, z, z + length);
  };
  if (dashed) dashes(middle, 0.1, 2.6, 5);
  else for (const x of [middle - 0.16, middle + 0.16]) line(x, 0.07, NEAR, 60);
  const free = halfWidth - PARKING;
  for (const sign of [-1, 1]) {
    if (halfWidth >= 4.2) dashes(middle + sign * (free + 0.05), 0.06, 1.2, 2.5);
    else line(middle + sign * (halfWidth - 0.4), 0.06, NEAR, 60);
  }
  if (zebra !== null) paintZebra(scene, zebra, marking);
}

function paintZebra({ painter, plan }: Scene, zebra: number, marking: Rgb): void {
  const { middle, halfWidth } = plan;
  const stripes = Math.floor((2 * halfWidth - 0.6) / 1.1);
  const first = middle - (stripes * 1.1 - 0.55) / 2;
  for (let i = 0; i < stripes; i++) {
    painter.ground(first + i * 1.1, first + i * 1.1 + 0.55, zebra, zebra + 2.8, marking, PAINT_ONLY);
  }
  painter.ground(middle + 0.3, middle + halfWidth - 0.5, zebra - 1.3, zebra - 0.9, marking, PAINT_ONLY);
}
