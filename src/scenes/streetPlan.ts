// The street of a scene from above: road, sidewalks, strips, façades and a cross street. Numbers only; ground.ts paints them.
import { clamp } from './exactMath.ts';
import type { LayoutParameters } from './layoutParameters.ts';
import type { SceneStreams } from './sceneStreams.ts';

/** One side of the street. All X, in metres right of the camera; from the road outwards. */
export interface StreetSide {
  readonly sign: -1 | 1;
  readonly roadEdge: number;
  /** The sidewalk lies between these two. */
  readonly walkInner: number;
  readonly walkOuter: number;
  /** Where the public ground ends: barriers stand here. */
  readonly back: number;
  readonly facade: number;
  /** The ground between `back` and `facade` is paved, as in a city centre. */
  readonly paved: boolean;
}

export interface StreetPlan {
  /** X of the middle of the road; the camera is right of it. */
  readonly middle: number;
  readonly halfWidth: number;
  readonly sides: readonly [StreetSide, StreetSide];
  /** A street across, from `z0` to `z1` metres ahead; null if there is none. */
  readonly cross: { readonly z0: number; readonly z1: number } | null;
  /** Near edge of a zebra crossing; null if there is none. */
  readonly zebra: number | null;
}

/** Width of the parking lane at each edge, metres. */
export const PARKING = 2.3;
/** Share of the probability over which a strip grows from nothing, so that it never jumps into the scene. */
const GROWTH = 0.06;

/** Distance of the middle of a driving lane from the middle of the road. */
export function laneOffset(halfWidth: number): number {
  return Math.max(0.75, (halfWidth - PARKING) * 0.5);
}

export function planStreet(parameters: LayoutParameters, streams: SceneStreams): StreetPlan {
  const draw = streams.layout('street');
  const halfWidth = parameters.roadHalf + draw.uniform(-1, 1) * parameters.roadHalfJitter;
  const middle = -draw.uniform(0.05, 0.55) * halfWidth;
  const stripInside = draw.uniform() < 0.5;
  const crosses = draw.uniform() < parameters.pCross;
  const crossAt = draw.uniform(16, 34);
  const crossWidth = draw.uniform(6, 10);
  const hasZebra = draw.uniform() < 0.3;
  const zebraAt = draw.uniform(7, 15);
  const cross = crosses ? { z0: crossAt, z1: crossAt + crossWidth } : null;
  const side = (sign: -1 | 1): StreetSide => {
    const own = streams.layout('side', sign);
    const walk = Math.max(0.8, parameters.sidewalk + own.uniform(-1, 1) * parameters.sidewalkJitter);
    const stripUniform = own.uniform();
    const strip = own.uniform(1, 3) * clamp((parameters.pStrip - stripUniform) / GROWTH, 0, 1);
    const setback = parameters.setback * own.uniform(0.4, 1.5);
    const pavedUniform = own.uniform();
    const roadEdge = middle + sign * halfWidth;
    const walkInner = roadEdge + (stripInside ? sign * strip : 0);
    const walkOuter = walkInner + sign * walk;
    const back = walkOuter + (stripInside ? 0 : sign * strip);
    const paved = (strip === 0 || stripInside) && pavedUniform < parameters.pPavedSetback;
    return { sign, roadEdge, walkInner, walkOuter, back, facade: back + sign * setback, paved };
  };
  const zebra = hasZebra ? (cross === null ? zebraAt : cross.z0 - 4) : null;
  return { middle, halfWidth, sides: [side(-1), side(1)], cross, zebra };
}

/** Whether something between `z0` and `z1` stands in the way of the cross street. */
export function onCrossStreet(plan: StreetPlan, z0: number, z1: number): boolean {
  return plan.cross !== null && z1 > plan.cross.z0 - 0.4 && z0 < plan.cross.z1 + 0.4;
}
