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
  /** How far it reaches over its footprint to the left and right, as a crown does over its trunk. Default 0. */
  readonly reach?: number;
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

/** An object's footprint as the camera sees it from the origin. */
interface View extends Footprint {
  /** Least and greatest x / z: the columns it may cover. */
  readonly from: number;
  readonly to: number;
  /** Distance from the optical axis. */
  readonly aside: number;
}

function viewOf({ footprint, reach = 0 }: SceneObject): View {
  const { z0, z1 } = footprint;
  const x0 = footprint.x0 - reach;
  const x1 = footprint.x1 + reach;
  const aside = footprint.x0 > 0 ? footprint.x0 : Math.max(0, -footprint.x1);
  const near = Math.max(z0, 0.5);
  return { ...footprint, from: Math.min(x0 / near, x0 / z1), to: Math.max(x1 / near, x1 / z1), aside };
}

/** Whether `a` may be hidden by `b`. */
function isBehind(a: View, b: View): boolean {
  if (a.from >= b.to || b.from >= a.to) return false;
  if (a.z0 >= b.z1) return true;
  if (b.z0 >= a.z1) return false;
  if (a.x0 >= b.x1 || b.x0 >= a.x1) return a.aside > b.aside;
  return a.z0 > b.z0;
}

/**
 * The order in which objects are painted: hidden before hiding. Sorting by depth alone would put a long tram over the
 * car beside it; among rectangles that do not overlap, seen from one point, "may be hidden by" has no cycles, so a
 * topological order exists.
 */
export function paintingOrder(objects: readonly SceneObject[]): SceneObject[] {
  const byDepth = objects
    .map((object) => ({ object, view: viewOf(object), done: false }))
    .sort((a, b) => b.view.z0 - a.view.z0);
  const order: SceneObject[] = [];
  const visit = (entry: (typeof byDepth)[number]) => {
    entry.done = true;
    for (const other of byDepth) if (!other.done && isBehind(other.view, entry.view)) visit(other);
    order.push(entry.object);
  };
  for (const entry of byDepth) if (!entry.done) visit(entry);
  return order;
}
