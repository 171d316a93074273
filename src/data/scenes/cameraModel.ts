// What a camera makes of a painted scene: texture, shadow, haze, down-sampling, lens, colour, exposure, vignette, noise.
// Every amount grows with the style gap; at gap 0 almost nothing is left. Labels are not its business.

import { CLASS_COUNT } from '../../domain/classes.ts';
import type { Size } from '../../domain/dataset.ts';
import type { RandomStream } from '../../domain/rng.ts';
import type { Camera } from './camera.ts';
import { clamp, exactPower, expNegative, lerp, wave } from './exactMath.ts';
import { LABEL } from './labels.ts';
import type { Raster } from './rasteriser.ts';
import type { SceneStreams } from './sceneStreams.ts';
import type { StreetPlan } from './streetPlan.ts';
import { textureNoise } from './textureNoise.ts';

const TEXTURE = new Float32Array(CLASS_COUNT).fill(0.1);
TEXTURE[LABEL.vegetation] = 0.34;
TEXTURE[LABEL.terrain] = 0.26;
TEXTURE[LABEL.wall] = 0.18;
TEXTURE[LABEL.building] = 0.16;
TEXTURE[LABEL.fence] = 0.16;
TEXTURE[LABEL.sidewalk] = 0.13;
TEXTURE[LABEL.sky] = 0.03;

/** Haze over 0..HAZE_RANGE optical depths in a table, because it is asked for at every pixel. */
const HAZE_STEPS = 512;
const HAZE_RANGE = 9;
const HAZE = Float32Array.from({ length: HAZE_STEPS + 1 }, (_, i) => 1 - expNegative((i / HAZE_STEPS) * HAZE_RANGE));
const CURVE_STEPS = 1024;

/** Develops a raster of twice the size into RGB bytes [height, width, 3]. */
export function develop(
  raster: Raster,
  size: Size,
  camera: Camera,
  plan: StreetPlan,
  gap: number,
  streams: SceneStreams,
): Uint8Array {
  const picture = expose(raster, size, camera, plan, gap, streams);
  const lens = streams.camera('lens');
  const blur = lerp(0, lens.uniform(0.1, 0.22), gap);
  if (blur > 0) blurWith(picture, size, blur);
  grade(picture, size, gap, streams.camera('colour'));
  return digitise(picture, size, gap, streams.camera('noise'));
}

/** Texture, shadow and haze at the raster's resolution, box-averaged 2 x 2. RGB in 0..1. */
function expose(
  raster: Raster,
  size: Size,
  camera: Camera,
  plan: StreetPlan,
  gap: number,
  streams: SceneStreams,
): Float32Array {
  const { width, height, colours, labels, depths } = raster;
  const noise = textureNoise(width, height, streams.camera('texture'));
  const shadeAt = buildingShadow(camera, plan, gap, streams.camera('shadow'));
  const distance = lerp(900, streams.camera('haze').uniform(45, 160), gap);
  const thickness = lerp(0.3, 1, gap);
  const [hazeRed, hazeGreen, hazeBlue] = [lerp(0.75, 0.8, gap), lerp(0.85, 0.82, gap), lerp(0.95, 0.82, gap)];
  const roughness = TEXTURE.map((amplitude) => lerp(0.05, 1, gap) * 2 * amplitude);
  const hazeScale = HAZE_STEPS / (HAZE_RANGE * distance);
  const out = new Float32Array(size.width * size.height * 3);
  for (let row = 0; row < height; row++) {
    const outRow = (row >> 1) * size.width;
    const groundDepth = camera.groundDepth(row);
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const label = labels[at] ?? 0;
      const packed = colours[at] ?? 0;
      let factor = (1 + (roughness[label] ?? 0) * (noise[at] ?? 0)) / 255;
      if (label === LABEL.road || label === LABEL.sidewalk || label === LABEL.terrain)
        factor *= shadeAt(column, groundDepth);
      const step = Math.min(HAZE_STEPS, (depths[at] ?? 0) * hazeScale) | 0;
      const veil = label === LABEL.sky ? 0 : (HAZE[step] ?? 0) * thickness;
      const clear = factor * (1 - veil) * 0.25;
      const to = (outRow + (column >> 1)) * 3;
      out[to] = (out[to] ?? 0) + (packed & 255) * clear + hazeRed * veil * 0.25;
      out[to + 1] = (out[to + 1] ?? 0) + ((packed >>> 8) & 255) * clear + hazeGreen * veil * 0.25;
      out[to + 2] = (out[to + 2] ?? 0) + ((packed >>> 16) & 255) * clear + hazeBlue * veil * 0.25;
    }
  }
  return out;
}

/** In most target scenes houses beyond the picture shade one side of the ground, up to a ragged line. */
function buildingShadow(
  camera: Camera,
  plan: StreetPlan,
  gap: number,
  draw: RandomStream,
): (column: number, depth: number) => number {
  const present = draw.uniform() < 0.7;
  const sign = draw.uniform() < 0.5 ? 1 : -1;
  const share = 0.5 * draw.uniform() + (sign < 0 ? 0.15 : 0.35);
  const strength = gap * draw.uniform(0.25, 0.5);
  if (!present || strength === 0) return () => 1;
  const [left, right] = plan.sides;
  const edge = lerp(left.roadEdge, right.roadEdge, share);
  return (column, depth) => {
    const x = ((column + 0.5 - camera.centre) * depth) / camera.focal;
    return 1 - strength * clamp((x - edge) * sign * 1.5 + 0.5 + 0.6 * wave(depth * 0.11), 0, 1);
  };
}

/** Separable [a, 1 - 2a, a] with replicated edges. */
function blurWith(picture: Float32Array, { width, height }: Size, a: number): void {
  const line = new Float32Array(Math.max(width, height) + 2);
  const pass = (start: number, stride: number, count: number) => {
    for (let i = 0; i < count; i++) line[i + 1] = picture[start + i * stride] ?? 0;
    line[0] = line[1] ?? 0;
    line[count + 1] = line[count] ?? 0;
    for (let i = 0; i < count; i++) {
      picture[start + i * stride] = (1 - 2 * a) * (line[i + 1] ?? 0) + a * ((line[i] ?? 0) + (line[i + 2] ?? 0));
    }
  };
  for (let channel = 0; channel < 3; channel++) {
    for (let column = 0; column < width; column++) pass(column * 3 + channel, width * 3, height);
    for (let row = 0; row < height; row++) pass(row * width * 3 + channel, 3, width);
  }
}

/** Saturation, white balance, exposure, tone curve, vignette. */
function grade(picture: Float32Array, { width, height }: Size, gap: number, draw: RandomStream): void {
  const saturation = lerp(1.08, draw.uniform(0.8, 0.95), gap);
  const drift = lerp(0.01, 0.04, gap);
  const balance = [lerp(1.02, 0.93, gap), 1, lerp(0.98, 0.95, gap)].map((gain) => gain * (1 + draw.normal() * drift));
  const exposure = lerp(1, draw.uniform(0.92, 1.3), gap) * (1 + 0.04 * draw.normal());
  const gamma = lerp(1, draw.uniform(0.82, 1.12), gap);
  const [contrast, black] = [lerp(1, 0.9, gap), lerp(0, 0.03, gap)];
  const curve = Float32Array.from(
    { length: CURVE_STEPS + 2 },
    (_, i) => exactPower(Math.min(1, i / CURVE_STEPS), gamma) * contrast + black,
  );
  const [red = 1, green = 1, blue = 1] = balance.map((gain) => gain * exposure * CURVE_STEPS);
  const tone = (value: number) => {
    const at = clamp(value, 0, CURVE_STEPS);
    const below = at | 0;
    const low = curve[below] ?? 0;
    return low + ((curve[below + 1] ?? 0) - low) * (at - below);
  };
  const falloff = Float32Array.from({ length: 257 }, (_, i) => 1 - 0.32 * gap * exactPower(i / 256, 1.3));
  for (let row = 0; row < height; row++) {
    const y = (row / height - 0.5) * 2;
    for (let column = 0; column < width; column++) {
      const x = (column / width - 0.5) * 2;
      const at = (row * width + column) * 3;
      const [r = 0, g = 0, b = 0] = [picture[at], picture[at + 1], picture[at + 2]];
      const luminance = 0.3 * r + 0.59 * g + 0.11 * b;
      const edge = falloff[Math.min(256, (x * x + y * y) * 128) | 0] ?? 1;
      picture[at] = tone((luminance + (r - luminance) * saturation) * red) * edge;
      picture[at + 1] = tone((luminance + (g - luminance) * saturation) * green) * edge;
      picture[at + 2] = tone((luminance + (b - luminance) * saturation) * blue) * edge;
    }
  }
}

/** Sensor noise, then 8 bits. A word's four bytes summed are close enough to a normal draw (mean 510, deviation 147.8). */
function digitise(picture: Float32Array, { width, height }: Size, gap: number, draw: RandomStream): Uint8Array {
  const sigma = lerp(0.004, 0.017, gap);
  const normal = () => {
    const word = draw.word();
    return ((word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510) / 147.8;
  };
  const image = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const luminance = normal() * 0.6 * sigma;
    for (let at = pixel * 3; at < pixel * 3 + 3; at++) {
      const value = clamp(picture[at] ?? 0, 0, 1);
      image[at] = clamp(value + normal() * sigma * (0.5 + Math.sqrt(value)) + luminance, 0, 1) * 255 + 0.5;
    }
  }
  return image;
}
