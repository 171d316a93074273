// Sky, clouds and the green on the horizon.
import { LABEL } from './labels.ts';
import { gradient, mixed, type Rgb, scaled } from './paint.ts';
import { PAINT_ONLY } from './rasteriser.ts';
import type { Scene } from './scene.ts';

/** The sky needs a depth for completeness; haze leaves it alone. */
const SKY_DEPTH_M = 400;
const MOST_CLOUDS = 5;
const HILL_KNOTS = 9;

export function paintSky(scene: Scene): void {
  const { camera, painter, palette, streams } = scene;
  const { raster } = painter;
  const colours = streams.colour('sky');
  const top = palette.colour('skyTop', colours);
  const low = palette.colour('skyLow', colours);
  const horizon = Math.ceil(camera.horizon) + 1;
  // Two ramps: the blue stays deep above and pales quickly near the horizon, as real skies do.
  const bend = Math.round(horizon * 0.45);
  const middle = mixed(top, low, 0.36);
  const deep = scaled(top, 0.97);
  raster.band(0, bend, gradient(deep, middle), LABEL.sky, () => SKY_DEPTH_M);
  raster.band(bend, raster.height, gradient(middle, middle), LABEL.sky, () => SKY_DEPTH_M);
  raster.band(bend, horizon, gradient(middle, low), LABEL.sky, () => SKY_DEPTH_M);
  paintGlow(scene, low);
  const sky = streams.layout('clouds');
  const count = Math.floor(sky.uniform(0, MOST_CLOUDS));
  for (let slot = 0; slot < count; slot++) paintCloud(scene, slot, mixed(middle, low, 0.5));
}

/** The sky is brighter on the side of the sun. */
function paintGlow(scene: Scene, low: Rgb): void {
  const { width, height } = scene.camera.size;
  const x = scene.light.sunSide < 0 ? width * 0.12 : width * 0.88;
  const warm: Rgb = [Math.min(255, low[0] * 1.12 + 14), Math.min(255, low[1] * 1.06 + 8), low[2]];
  scene.painter.raster.softEllipse(x, scene.camera.horizon * 0.75, width * 0.4, height * 0.34, warm, 0.32);
}

function paintCloud(scene: Scene, slot: number, underside: Rgb): void {
  const { camera, painter, palette, streams } = scene;
  const draw = streams.layout('cloud', 0, slot);
  const { width } = camera.size;
  const x = draw.uniform(0, width);
  const y = draw.uniform(0.04, 0.66) * camera.horizon;
  // Nearer to the horizon clouds are farther away, so smaller and flatter.
  const nearness = 1.25 - (0.85 * y) / camera.horizon;
  const size = draw.uniform(0.045, 0.105) * width * nearness;
  const white = palette.colour('cloud', streams.colour('cloud', 0, slot));
  const grey = mixed(white, underside, 0.45);
  const lobes = Array.from({ length: 7 }, (_, i) => ({
    x: x + (i / 3 - 1 + draw.uniform(-0.2, 0.2)) * size * 1.15,
    y: y - draw.uniform(0, 0.22) * size * (1 - Math.abs(i / 3 - 1)),
    r: size * draw.uniform(0.42, 0.68) * (1.1 - 0.45 * Math.abs(i / 3 - 1)),
  }));
  const { raster } = painter;
  for (const { x: u, y: v, r } of lobes) raster.softEllipse(u, v + r * 0.2, r * 1.3, r * 0.5, grey, 0.8);
  for (const { x: u, y: v, r } of lobes) raster.softEllipse(u, v - r * 0.06, r * 1.15, r * 0.4, white, 0.95);
}

/** A tree line or hills along the horizon: vegetation, in front of the sky and behind everything else. */
export function paintHorizon(scene: Scene): void {
  const { camera, painter, palette, streams } = scene;
  const { width, height } = camera.size;
  const draw = streams.layout('hills');
  const present = draw.uniform() < 0.8;
  const base = draw.uniform(0.01, 0.05) * height;
  const wooded = draw.uniform() < 0.5;
  const knots = Array.from({ length: HILL_KNOTS }, () => base + draw.uniform(0, 0.04) * height);
  if (!present) return;
  const colours = streams.colour('hills');
  const hill = palette.colour('hill', colours);
  const green = palette.colour('vegetation', colours);
  const colour = wooded ? mixed(green, hill, 0.45) : hill;
  const ridge = (lift: number, shift: number) => {
    const points = [0, camera.horizon + 2];
    for (let i = 0; i < 4 * (HILL_KNOTS - 1) + 1; i++) {
      const at = i / 4;
      const k = Math.floor(at);
      const t = at - k;
      const smooth = t * t * (3 - 2 * t);
      const a = knots[(k + shift) % HILL_KNOTS] ?? 0;
      const b = knots[(k + 1 + shift) % HILL_KNOTS] ?? 0;
      // Tree tops: a small saw on wooded ridges.
      const saw = wooded ? ((i * 7) % 5) * 0.0022 * height : 0;
      points.push((width * at) / (HILL_KNOTS - 1), camera.horizon - (a + (b - a) * smooth) * lift - saw);
    }
    points.push(width, camera.horizon + 2);
    return points;
  };
  const haze = palette.colour('skyLow', streams.colour('sky'));
  const { raster } = painter;
  raster.polygon(ridge(1, 0), gradient(mixed(colour, haze, 0.3), mixed(colour, haze, 0.12)), LABEL.vegetation, 90);
  raster.polygon(ridge(0.62, 4), gradient(scaled(colour, 0.96), scaled(colour, 0.82)), PAINT_ONLY, 90);
}
