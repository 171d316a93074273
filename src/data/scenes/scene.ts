// What the elements of a scene share, and the two questions about footprints: is a place free, and who hides whom.
import type { Camera } from './camera.ts';
import type { LayoutParameters } from './layoutParameters.ts';
import type { Palette } from './palette.ts';
import type { ScenePainter } from './scenePainter.ts';
import type { SceneStreams } from './sceneStreams.ts';
import type { StreetPlan } from './streetPlan.ts';

/** Rectangle on the ground, metres. */
export interface Footprint {
  readonly x0: number;
  readonly x1: number;
  readonly z0: number;
  readonly z1: number;
}

export interface SceneObject {
  readonly footprint: Footprint;
  /** Painted before any object. */
  readonly castShadow?: () => void;
  readonly paint: () => void;
}

/** Brightness of faces by where they look. */
export interface Light {
  readonly front: number;
  /** Faces along the street, left and right of the camera. */
  readonly left: number;
  readonly right: number;
  /** -1: the sun stands left, shadows fall to the right. */
  readonly sunSide: -1 | 1;
  /** 0..1: how dark shadows on the ground are. */
  readonly shadow: number;
}

export interface Scene {
  readonly streams: SceneStreams;
  readonly parameters: LayoutParameters;
  readonly camera: Camera;
  readonly painter: ScenePainter;
  readonly palette: Palette;
  readonly light: Light;
  readonly plan: StreetPlan;
  readonly places: Places;
  readonly objects: SceneObject[];
}

export function sideLight(light: Light, x: number): number {
  return x < 0 ? light.left : light.right;
}

export function footprintAround(x: number, z: number, halfX: number, halfZ = halfX): Footprint {
  return { x0: x - halfX, x1: x + halfX, z0: z - halfZ, z1: z + halfZ };
}

/** Keeps objects out of each other. First come, first served: what matters most is placed first. */
export class Places {
  private readonly taken: Footprint[] = [];

  /** Takes the place if nothing stands there; tells whether it did. */
  claim(place: Footprint): boolean {
    const { x0, x1, z0, z1 } = place;
    for (const other of this.taken) {
      if (x0 < other.x1 && other.x0 < x1 && z0 < other.z1 && other.z0 < z1) return false;
    }
    this.taken.push(place);
    return true;
  }
}

const sidewaysDistance = ({ x0, x1 }: Footprint): number => (x0 > 0 ? x0 : x1 < 0 ? -x1 : 0);

/** Whether `a` can be hidden by `b`, for rectangles that do not overlap, seen from the origin. */
function isBehind(a: Footprint, b: Footprint): boolean {
  if (a.z0 >= b.z1) return true;
  if (b.z0 >= a.z1) return false;
  const away = sidewaysDistance(a);
  const other = sidewaysDistance(b);
  if (a.x0 >= b.x1 || b.x0 >= a.x1) return (a.x0 + a.x1) * (b.x0 + b.x1) >= 0 && away > other;
  return a.z0 > b.z0;
}

/**
 * The order in which objects are painted: hidden before hiding. Sorting by depth alone would put a long tram over the
 * car beside it; among rectangles seen from one point "can be hidden by" has no cycles, so a topological order exists.
 */
export function paintingOrder(objects: readonly SceneObject[]): SceneObject[] {
  const byDepth = [...objects].sort((a, b) => b.footprint.z0 - a.footprint.z0);
  const done = new Uint8Array(byDepth.length);
  const order: SceneObject[] = [];
  const visit = (i: number) => {
    const object = byDepth[i];
    if (object === undefined || done[i] === 1) return;
    done[i] = 1;
    for (let j = 0; j < byDepth.length; j++) {
      const other = byDepth[j];
      if (other !== undefined && done[j] === 0 && isBehind(other.footprint, object.footprint)) visit(j);
    }
    order.push(object);
  };
  for (let i = 0; i < byDepth.length; i++) visit(i);
  return order;
}
