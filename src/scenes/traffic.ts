// Who is on the street and where: large vehicles first, then driving cars, riders, parked cars and people on foot.
// Nothing is placed inside anything else; whoever finds no free place stays away.
import { addCar, addCrossingCar, carFootprint } from './cars.ts';
import { poissonCount } from './exactMath.ts';
import { addLargeVehicle, LARGE_HALF_WIDTH, type LargeKind } from './largeVehicles.ts';
import { addPerson } from './people.ts';
import { footprintAround, type Scene } from './scene.ts';
import { positions } from './sceneStreams.ts';
import { laneOffset, onCrossStreet, PARKING, type StreetSide } from './streetPlan.ts';
import { addTwoWheeler, type TwoWheelerPlace, twoWheelerFootprint } from './twoWheelers.ts';

const MOST_CARS = 8;
const MOST_PEDESTRIANS = 7;
const TRIES = 8;

/** Vehicles left of the middle come towards the camera. */
const LANES = [-1, 1] as const;

export function placeTraffic(scene: Scene): void {
  placeCrossingCar(scene);
  placeLarge(scene, 'train', 'pTrain', [16, 26], [3.3, 3.3], [6.5, 17]);
  placeLarge(scene, 'bus', 'pBus', [9, 12], [3, 3], [6, 15]);
  placeLarge(scene, 'truck', 'pTruck', [6, 9], [2.9, 3.6], [6, 16]);
  placeDrivingCars(scene);
  placeRiders(scene);
  for (const side of scene.plan.sides) placeParkedCars(scene, side);
  placeCrossingPerson(scene);
}

/** Everything small on one sidewalk. */
export function placeSidewalkLife(scene: Scene, side: StreetSide): void {
  placeParkedBicycles(scene, side);
  placeParkedMotorcycle(scene, side);
  placePedestrians(scene, side);
}

function placeLarge(
  scene: Scene,
  kind: LargeKind,
  probability: 'pTrain' | 'pBus' | 'pTruck',
  lengths: readonly [number, number],
  heights: readonly [number, number],
  distances: readonly [number, number],
): void {
  const { streams, parameters, plan, places } = scene;
  const draw = streams.layout(kind);
  const present = draw.uniform() < parameters[probability];
  const length = draw.uniform(...lengths);
  const height = draw.uniform(...heights);
  const half = LARGE_HALF_WIDTH[kind];
  for (let i = 0; i < TRIES; i++) {
    const lane = LANES[draw.integer(2)] ?? 1;
    const x = plan.middle + lane * Math.max(laneOffset(plan.halfWidth), half + 0.1) + draw.uniform(-0.2, 0.2);
    const z = draw.uniform(...distances);
    if (!present) continue;
    if (places.claim({ x0: x - half - 0.2, x1: x + half + 0.2, z0: z - 0.8, z1: z + length + 0.6 })) {
      addLargeVehicle(scene, kind, { x, z, length, height, towards: lane < 0 });
      return;
    }
  }
}

function placeDrivingCars(scene: Scene): void {
  const { streams, parameters, plan, places } = scene;
  const count = poissonCount(streams.layout('traffic').uniform(), parameters.traffic, MOST_CARS);
  for (let slot = 0; slot < count; slot++) {
    const draw = streams.layout('car', 0, slot);
    const tall = draw.uniform() < 0.35;
    for (let i = 0; i < TRIES; i++) {
      const lane = LANES[draw.integer(2)] ?? 1;
      const x = plan.middle + lane * laneOffset(plan.halfWidth) + draw.uniform(-0.3, 0.3);
      const z = draw.uniform(6, 38);
      if (places.claim(carFootprint({ x, z }))) {
        addCar(scene, 'car', 0, slot, { x, z, towards: lane < 0, tall });
        break;
      }
    }
  }
}

function placeRiders(scene: Scene): void {
  const { streams, parameters, plan, places } = scene;
  for (let slot = 0; slot < 2; slot++) {
    const draw = streams.layout('rider', 0, slot);
    const present = draw.uniform() < parameters.pRider * (slot === 0 ? 1 : 0.6);
    const kind = draw.uniform() < 0.45 ? 'motorcycle' : 'bicycle';
    const sideView = draw.uniform() < 0.4;
    for (let i = 0; i < TRIES; i++) {
      const lane = LANES[draw.integer(2)] ?? 1;
      const free = plan.halfWidth - PARKING;
      const x = plan.middle + lane * free * draw.uniform(0.2, 0.95);
      const place: TwoWheelerPlace = { kind, x, z: draw.uniform(5, 16), sideView, ridden: true };
      if (present && places.claim(twoWheelerFootprint(place))) {
        addTwoWheeler(scene, 'rider', 0, slot, place);
        break;
      }
    }
  }
}

function placeParkedCars(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, places } = scene;
  positions(streams.layout('parking', side.sign), [4, 9], [5.5, 8], 40).forEach((z, slot) => {
    const draw = streams.layout('parked car', side.sign, slot);
    const present = draw.uniform() < parameters.pParked;
    const tall = draw.uniform() < 0.35;
    const x = side.roadEdge - side.sign * (1.12 + draw.uniform(-0.08, 0.08));
    const crossing =
      onCrossStreet(plan, z - 1, z + 5.3) || (plan.zebra !== null && z < plan.zebra + 3 && z + 4.3 > plan.zebra - 1);
    if (present && !crossing && places.claim(carFootprint({ x, z }, 0.05))) {
      addCar(scene, 'parked car', side.sign, slot, { x, z, towards: side.sign < 0, tall });
    }
  });
}

/** In some scenes somebody crosses the road; on the zebra crossing if there is one. */
function placeCrossingPerson(scene: Scene): void {
  const { streams, plan, places } = scene;
  const draw = streams.layout('jaywalker');
  const present = draw.uniform() < 0.3;
  const across = draw.uniform(-0.9, 0.9);
  const away = draw.uniform(7, 20);
  const along = draw.uniform(0.5, 2.3);
  const x = plan.middle + across * plan.halfWidth;
  const z = plan.zebra === null ? away : plan.zebra + along;
  if (present && places.claim(footprintAround(x, z, 0.4))) addPerson(scene, 'jaywalker', 0, 0, x, z);
}

function placeCrossingCar(scene: Scene): void {
  const { streams, plan, places } = scene;
  const draw = streams.layout('crossing car');
  const present = draw.uniform() < 0.6;
  const x = draw.uniform(-8, 8);
  const heading = draw.uniform() < 0.5 ? -1 : 1;
  if (plan.cross === null || !present) return;
  const { z0, z1 } = plan.cross;
  // On the right of the cross street: its far half when driving left.
  const z = z0 + (z1 - z0) * (heading < 0 ? 0.72 : 0.26) - 0.9;
  if (places.claim({ x0: x - 2.5, x1: x + 2.5, z0: z - 0.4, z1: z + 2.2 })) addCrossingCar(scene, x, z, heading);
}

function placePedestrians(scene: Scene, side: StreetSide): void {
  const { streams, parameters, places, plan } = scene;
  const uniform = streams.layout('pedestrians', side.sign).uniform();
  const count = poissonCount(uniform, parameters.pedestrians * 0.5, MOST_PEDESTRIANS);
  for (let slot = 0; slot < count; slot++) {
    const draw = streams.layout('pedestrian', side.sign, slot);
    for (let i = 0; i < TRIES; i++) {
      const x = side.walkInner + (side.walkOuter - side.walkInner) * draw.uniform(0.15, 0.9);
      const z = draw.uniform(4.5, 22);
      if (!onCrossStreet(plan, z, z) && places.claim(footprintAround(x, z, 0.32))) {
        addPerson(scene, 'pedestrian', side.sign, slot, x, z);
        break;
      }
    }
  }
}

function placeParkedBicycles(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, places } = scene;
  const draw = streams.layout('bicycle stand', side.sign);
  const present = draw.uniform() < parameters.pBicycle * 0.6;
  const start = draw.uniform(4.5, 12);
  const across = draw.uniform(0.2, 0.9);
  const count = 1 + draw.integer(3);
  if (!present) return;
  for (let slot = 0; slot < count; slot++) {
    const own = streams.layout('bicycle', side.sign, slot);
    const x = side.walkInner + (side.walkOuter - side.walkInner) * across + own.uniform(-0.2, 0.2);
    const place: TwoWheelerPlace = {
      kind: 'bicycle',
      x,
      z: start + slot * 0.9,
      sideView: own.uniform() < 0.7,
      ridden: false,
    };
    if (!onCrossStreet(plan, place.z, place.z) && places.claim(twoWheelerFootprint(place))) {
      addTwoWheeler(scene, 'bicycle', side.sign, slot, place);
    }
  }
}

function placeParkedMotorcycle(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, places } = scene;
  const draw = streams.layout('motorcycle', side.sign);
  const present = draw.uniform() < parameters.pMotorcycle * 0.6;
  const sideView = draw.uniform() < 0.65;
  for (let i = 0; i < TRIES; i++) {
    const x = (side.roadEdge + side.walkInner) / 2 + side.sign * draw.uniform(-0.2, 1.2);
    const place: TwoWheelerPlace = { kind: 'motorcycle', x, z: draw.uniform(4.5, 13), sideView, ridden: false };
    if (present && !onCrossStreet(plan, place.z, place.z) && places.claim(twoWheelerFootprint(place))) {
      addTwoWheeler(scene, 'motorcycle', side.sign, 0, place);
      return;
    }
  }
}
