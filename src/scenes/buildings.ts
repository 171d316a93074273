// Rows of houses along both sides: where they stand, their walls and roofs. Their façades are facade.ts's.
import { createFacade, type Facade } from './facade.ts';
import { LABEL } from './labels.ts';
import { gradient, scaled } from './paint.ts';
import { type Scene, sideLight } from './scene.ts';
import { positions } from './sceneStreams.ts';
import type { StreetPlan, StreetSide } from './streetPlan.ts';
import { plantTree } from './vegetation.ts';

const DEEP = 14;
const ROW_END = 70;

/** The longer part of [z0, z1] that the cross street leaves; null if it leaves less than 3 m. */
function clearOfCross(plan: StreetPlan, z0: number, z1: number): readonly [number, number] | null {
  const { cross } = plan;
  if (cross === null || z1 < cross.z0 - 2 || z0 > cross.z1 + 2) return [z0, z1];
  const before: readonly [number, number] = [z0, cross.z0 - 2];
  const after: readonly [number, number] = [cross.z1 + 2, z1];
  const longer = before[1] - before[0] > after[1] - after[0] ? before : after;
  return longer[1] - longer[0] < 3 ? null : longer;
}

export function placeBuildings(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan } = scene;
  const starts = positions(streams.layout('house row', side.sign), [-2, 3], [7, 16], ROW_END + 16);
  let builtTo = Number.NEGATIVE_INFINITY;
  starts.slice(0, -1).forEach((start, slot) => {
    if (start >= ROW_END) return;
    const draw = streams.layout('house', side.sign, slot);
    const gap = draw.uniform() < parameters.pGap;
    const wooded = draw.uniform() < 0.7;
    const margin = draw.uniform(0, 0.6);
    const height = Math.max(3.5, parameters.buildingHeight + draw.uniform(-1, 1) * parameters.buildingHeightJitter);
    const range = clearOfCross(plan, start, (starts[slot + 1] ?? start) - margin);
    if (range === null) return;
    if (gap) {
      if (wooded) plantGrove(scene, side, slot, range);
    } else if (range[1] > 1) {
      const z0 = Math.max(range[0], 0.95);
      placeHouse(scene, side, slot, { z0, z1: range[1], height, attached: z0 - builtTo < 1 });
      builtTo = range[1];
    }
  });
}

function plantGrove(scene: Scene, side: StreetSide, slot: number, [z0, z1]: readonly [number, number]): void {
  for (let i = 0; i < 3; i++) {
    const draw = scene.streams.layout('grove', side.sign, slot * 3 + i);
    const x = side.facade + side.sign * draw.uniform(0, 6);
    const z = Math.max(3, z0 + draw.uniform() * (z1 - z0));
    const height = draw.uniform(5, 9);
    plantTree(scene, 'grove', side.sign, slot * 3 + i, { x, z, height, radius: draw.uniform(1.6, 2.8) });
  }
}

interface HousePlace {
  readonly z0: number;
  readonly z1: number;
  readonly height: number;
  /** Its near end stands against the house before it and has no windows. */
  readonly attached: boolean;
}

interface House extends HousePlace {
  readonly x: number;
  readonly sign: -1 | 1;
  readonly eaves: number;
  /** Height of the ridge over the eaves; null for a flat roof. */
  readonly rise: number | null;
  /** Where the chimney stands, as a share of the length. */
  readonly chimneyAt: number;
  readonly facade: Facade;
}

function placeHouse(scene: Scene, side: StreetSide, slot: number, place: HousePlace): void {
  const { sign, facade: x } = side;
  const { z0, z1, height } = place;
  const draw = scene.streams.layout('roof', sign, slot);
  const pitched = draw.uniform() < 0.42 && height < 13;
  const rise = draw.uniform(1.8, 3);
  const house: House = {
    ...place,
    x,
    sign,
    eaves: pitched ? height - 0.9 : height,
    rise: pitched ? rise : null,
    chimneyAt: draw.uniform(0.2, 0.8),
    facade: createFacade(scene, sign, slot, height),
  };
  const outer = x + sign * DEEP;
  scene.objects.push({
    footprint: { x0: Math.min(x, outer), x1: Math.max(x, outer), z0, z1 },
    castShadow: () => castShadow(scene, house),
    paint: () => {
      if (house.rise !== null) paintPitchedRoof(scene, house, house.rise);
      paintWalls(scene, house);
      if (house.rise === null) paintFlatRoof(scene, house);
    },
  });
}

/** A darker foot where the wall meets the ground, longer on the side away from the sun. */
function castShadow({ painter, light }: Scene, { x, sign, z0, z1 }: House): void {
  const reach = light.sunSide === sign ? 1.7 : 0.5;
  for (const part of [1, 0.5]) {
    const inner = x - sign * reach * part;
    painter.groundTint(Math.min(x, inner), Math.max(x, inner), z0, z1, [24, 24, 34], 0.3 * light.shadow);
  }
}

function paintWalls({ painter, light }: Scene, { x, sign, z0, z1, eaves, attached, facade }: House): void {
  if (z0 > 1.2) {
    const outer = x + sign * DEEP;
    const [x0, x1] = [Math.min(x, outer), Math.max(x, outer)];
    if (attached) {
      const wall = scaled(facade.wall, light.front);
      painter.zplane(x0, x1, 0, eaves, z0, gradient(wall, scaled(wall, 0.8)), LABEL.building);
    } else {
      const face = facade.face(DEEP, eaves, light.front, false);
      painter.front(x0, x1, 0, eaves, z0, LABEL.building, (at, y, density) => face(Math.abs(at - x), y, density));
    }
  }
  const shade = sideLight(light, x);
  const face = facade.face(z1 - z0, eaves, shade, true);
  painter.wall(x, z0, z1, 0, eaves, LABEL.building, (z, y, density) => face(z - z0, y, density));
  facade.paintAwnings(x, sign, z0, z1, shade);
}

function paintPitchedRoof({ painter, light }: Scene, house: House, rise: number): void {
  const { x, sign, z0, z1, eaves, chimneyAt, facade } = house;
  const over = x - sign * 0.35;
  const ridge = x + sign * DEEP * 0.5;
  const shade = sideLight(light, x);
  const tile = facade.roof;
  const z = z0 + (z1 - z0) * chimneyAt;
  if (z > 2) {
    const brick = scaled(facade.wall, 0.8 * light.front);
    const top = eaves + rise * 0.7 + 0.9;
    const [a, b] = [x + sign * 2.6, x + sign * 3.3];
    painter.zplane(Math.min(a, b), Math.max(a, b), eaves, top, z, gradient(scaled(brick, 1.1), brick), LABEL.building);
  }
  painter.face(
    [over, eaves - 0.15, z0, ridge, eaves + rise, z0, ridge, eaves + rise, z1, over, eaves - 0.15, z1],
    gradient(scaled(tile, shade * 1.12), scaled(tile, shade * 0.92)),
    LABEL.building,
  );
  if (z0 <= 1.2) return;
  const wall = scaled(facade.wall, light.front);
  const gable = [x, eaves, ridge, eaves + rise, x + sign * DEEP, eaves];
  painter.upright(gable, z0, gradient(scaled(wall, 0.92), wall), LABEL.building);
  painter.bar([over, eaves - 0.15], [ridge, eaves + rise], z0, [0.12, 0.12], gradient(tile, tile), LABEL.building);
}

function paintFlatRoof({ painter, light }: Scene, { x, sign, z0, z1, eaves, chimneyAt, facade }: House): void {
  const over = x - sign * 0.22;
  const outer = x + sign * DEEP;
  const [low, high] = [eaves - 0.42, eaves + 0.12];
  const stone = (shade: number) => gradient(scaled(facade.cornice, shade * 1.1), scaled(facade.cornice, shade * 0.8));
  const z = z0 + (z1 - z0) * chimneyAt;
  if (z > 3) {
    const [a, b] = [x + sign * 1.2, x + sign * 2.4];
    const hut = gradient(scaled(facade.wall, 0.86), scaled(facade.wall, 0.7));
    painter.zplane(Math.min(a, b), Math.max(a, b), eaves, eaves + 1.1, z, hut, LABEL.building);
  }
  painter.xplane(over, z0, z1, low, high, stone(sideLight(light, x)), LABEL.building);
  if (z0 > 1.2) {
    const [a, b] = [Math.min(over, outer), Math.max(over, outer)];
    painter.zplane(a, b, low, high, z0, stone(light.front), LABEL.building);
  }
}
