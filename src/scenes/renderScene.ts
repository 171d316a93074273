// One picture of the built-in street scenes with its labels, from a seed and an index: the same bytes on every machine.
import type { SceneRole, SceneSettings, Tile } from '../domain/dataset.ts';
import { placeBarrier } from './barriers.ts';
import { placeBuildings } from './buildings.ts';
import { Camera } from './camera.ts';
import { develop } from './cameraModel.ts';
import { lerp } from './exactMath.ts';
import { paintGround } from './ground.ts';
import { layoutParametersAt } from './layoutParameters.ts';
import { Palette } from './palette.ts';
import { Raster } from './rasteriser.ts';
import { type Light, Places, paintingOrder, type Scene } from './scene.ts';
import { ScenePainter } from './scenePainter.ts';
import { SceneStreams } from './sceneStreams.ts';
import { paintHorizon, paintSky } from './sky.ts';
import { placeFurniture } from './streetFurniture.ts';
import { planStreet } from './streetPlan.ts';
import { placeSidewalkLife, placeTraffic } from './traffic.ts';
import { placeTrees } from './vegetation.ts';

export interface SceneRequest {
  readonly seed: number;
  readonly index: number;
  readonly settings: SceneSettings;
  /** `game` ignores both gaps: it is the source. */
  readonly role: SceneRole;
}

/** Sub-pixels per pixel and axis. */
const SUPERSAMPLING = 2;

/** Renders a tile of `settings.size`: RGB [height, width, 3] and train ids [height, width] without ignored pixels. */
export function renderScene(request: SceneRequest): Tile {
  const { seed, index, role, settings } = request;
  const streams = new SceneStreams(seed, index);
  const { scene, styleGap } = paintScene(request, streams);
  const { raster } = scene.painter;
  return {
    name: `${role}-${seed}-${String(index).padStart(4, '0')}`,
    image: develop(raster, settings.size, scene.camera, scene.plan, styleGap, streams),
    labels: subsampled(raster),
  };
}

/** Only the labels of {@link renderScene}, at less than half of its cost. */
export function renderSceneLabels(request: SceneRequest): Uint8Array {
  return subsampled(paintScene(request, new SceneStreams(request.seed, request.index)).scene.painter.raster);
}

function paintScene({ role, settings }: SceneRequest, streams: SceneStreams): { scene: Scene; styleGap: number } {
  const { size } = settings;
  const [styleGap, layoutGap] = role === 'game' ? [0, 0] : [settings.styleGap, settings.layoutGap];
  const parameters = layoutParametersAt(layoutGap);
  const raster = new Raster(size.width * SUPERSAMPLING, size.height * SUPERSAMPLING);
  const camera = new Camera({ width: raster.width, height: raster.height }, parameters, streams);
  const scene: Scene = {
    streams,
    parameters,
    camera,
    painter: new ScenePainter(camera, raster),
    palette: new Palette(styleGap),
    light: lightAt(styleGap, streams),
    plan: planStreet(parameters, streams),
    places: new Places(),
    objects: [],
  };
  paintSky(scene);
  paintHorizon(scene);
  paintGround(scene);
  placeTraffic(scene);
  for (const side of scene.plan.sides) {
    placeBuildings(scene, side);
    placeBarrier(scene, side);
    placeFurniture(scene, side);
    placeTrees(scene, side);
    placeSidewalkLife(scene, side);
  }
  const objects = paintingOrder(scene.objects);
  for (const object of objects) object.castShadow?.();
  for (const object of objects) object.paint();
  return { scene, styleGap };
}

/** Sunny in the source; in the target one "sun" trades the brightness of fronts for that of sides, and shadows pale. */
function lightAt(styleGap: number, streams: SceneStreams): Light {
  const draw = streams.colour('sun');
  const sun = draw.uniform();
  const sunSide = draw.uniform() < 0.5 ? -1 : 1;
  const side = lerp(0.84, lerp(0.5, 0.95, sun), styleGap);
  const contrast = lerp(0.08, 0.06, styleGap);
  return {
    front: lerp(1, lerp(1.05, 0.75, sun), styleGap),
    // Faces on the right look left: they are lit by a sun that stands left.
    left: side * (1 + contrast * (sunSide > 0 ? 1 : -1)),
    right: side * (1 + contrast * (sunSide < 0 ? 1 : -1)),
    sunSide,
    shadow: lerp(0.85, 0.65, styleGap),
  };
}

/** The top-left sub-pixel of every pixel: labels are chosen, never averaged. */
function subsampled({ width, height, labels }: Raster): Uint8Array {
  const out = new Uint8Array((width / SUPERSAMPLING) * (height / SUPERSAMPLING));
  let to = 0;
  for (let row = 0; row < height; row += SUPERSAMPLING) {
    for (let column = 0; column < width; column += SUPERSAMPLING) out[to++] = labels[row * width + column] ?? 0;
  }
  return out;
}
