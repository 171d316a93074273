// What a camera makes of a painted scene: texture, shadow, haze, down-sampling, lens, colour, exposure, vignette, noise.
// Every amount grows with the style gap; at gap 0 almost nothing is left. Labels are not its business.

import { CITYSCAPES_CLASSES } from '../domain/classes.ts';
import type { Size } from '../domain/dataset.ts';
import { RandomStream } from '../domain/rng.ts';
import type { Camera } from './camera.ts';
import { clamp, exactPower, expNegative, lerp, wave } from './exactMath.ts';
import { LABEL } from './labels.ts';
import type { Raster } from './rasteriser.ts';
import type { SceneStreams } from './sceneStreams.ts';
import type { StreetPlan } from './streetPlan.ts';
import { textureNoise } from './textureNoise.ts';

const TEXTURE = new Float32Array(CITYSCAPES_CLASSES.length).fill(0.1);
TEXTURE[LABEL.vegetation] = 0.34;
TEXTURE[LABEL.terrain] = 0.26;
TEXTURE[LABEL.wall] = 0.18;
TEXTURE[LABEL.building] = 0.16;
TEXTURE[LABEL.fence] = 0.16;
TEXTURE[LABEL.sidewalk] = 0.13;
TEXTURE[LABEL.sky] = 0.03;

const GROUND = new Uint8Array(CITYSCAPES_CLASSES.length);
for (const label of [LABEL.road, LABEL.sidewalk, LABEL.terrain]) GROUND[label] = 1;

/** Haze over 0..HAZE_RANGE optical depths in a table, because it is asked for at every pixel. */
const HAZE_STEPS = 512;
const HAZE_RANGE = 9;
const HAZE = Float32Array.from({ length: HAZE_STEPS + 1 }, (_, i) => 1 - expNegative((i / HAZE_STEPS) * HAZE_RANGE));
const CURVE_STEPS = 256;

/** Normal draws to pick from: twelve uniforms for every sample of every pixel would take longer than the picture. */
const NORMAL_MASK = 4095;
const NORMALS = (() => {
  const draw = new RandomStream(0, 'sensor');
  return Float32Array.from({ length: NORMAL_MASK + 1 }, () => draw.normal());
})();

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
  const noiseAt = textureNoise(height, streams.camera('texture'));
  const groundDepths = Float64Array.from({ length: height }, (_, row) => camera.groundDepth(row));
  const shadeAt = buildingShadow(camera, plan, gap, streams.camera('shadow'));
  const distance = lerp(900, streams.camera('haze').uniform(45, 160), gap);
  const thickness = lerp(0.3, 1, gap);
  const [hazeRed, hazeGreen, hazeBlue] = [lerp(0.75, 0.8, gap), lerp(0.85, 0.82, gap), lerp(0.95, 0.82, gap)];
  const roughness = TEXTURE.map((amplitude) => lerp(0.05, 1, gap) * 2 * amplitude);
  const hazeScale = HAZE_STEPS / (HAZE_RANGE * distance);
  const out = new Float32Array(size.width * size.height * 3);
  let to = 0;
  for (let top = 0; top < height; top += 2) {
    for (let left = 0; left < width; left += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      // Of the whole block: shadows on the ground are soft.
      let shade = -1;
      for (let i = 0; i < 4; i++) {
        const row = top + (i >> 1);
        const at = row * width + left + (i & 1);
        const label = labels[at] ?? 0;
        const packed = colours[at] ?? 0;
        let factor = 1 + (roughness[label] ?? 0) * noiseAt(left + (i & 1), row);
        if (GROUND[label] === 1) {
          if (shade < 0) shade = shadeAt(left, groundDepths[row] ?? 1);
          factor *= shade;
        }
        const step = Math.min(HAZE_STEPS, (depths[at] ?? 0) * hazeScale) | 0;
        const veil = label === LABEL.sky ? 0 : (HAZE[step] ?? 0) * thickness;
        factor *= (1 - veil) / 255;
        red += (packed & 255) * factor + hazeRed * veil;
        green += ((packed >>> 8) & 255) * factor + hazeGreen * veil;
        blue += ((packed >>> 16) & 255) * factor + hazeBlue * veil;
      }
      out[to] = red * 0.25;
      out[to + 1] = green * 0.25;
      out[to + 2] = blue * 0.25;
      to += 3;
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
  for (let column = 0; column < width * 3; column++) blurLine(picture, column, width * 3, height, a);
  for (let row = 0; row < height; row++) {
    for (let channel = 0; channel < 3; channel++) blurLine(picture, row * width * 3 + channel, 3, width, a);
  }
}

function blurLine(picture: Float32Array, start: number, stride: number, count: number, a: number): void {
  let here = picture[start] ?? 0;
  let before = here;
  for (let i = 0, at = start; i < count; i++, at += stride) {
    const after = i + 1 < count ? (picture[at + stride] ?? 0) : here;
    picture[at] = (1 - 2 * a) * here + a * (before + after);
    before = here;
    here = after;
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
  const falloff = Float32Array.from({ length: 129 }, (_, i) => 1 - 0.32 * gap * exactPower(i / 128, 1.3));
  for (let row = 0; row < height; row++) {
    const y = (row / height - 0.5) * 2;
    for (let column = 0; column < width; column++) {
      const x = (column / width - 0.5) * 2;
      const at = (row * width + column) * 3;
      const r = picture[at] ?? 0;
      const g = picture[at + 1] ?? 0;
      const b = picture[at + 2] ?? 0;
      const luminance = 0.3 * r + 0.59 * g + 0.11 * b;
      const edge = falloff[Math.min(128, (x * x + y * y) * 64) | 0] ?? 1;
      picture[at] = tone((luminance + (r - luminance) * saturation) * red) * edge;
      picture[at + 1] = tone((luminance + (g - luminance) * saturation) * green) * edge;
      picture[at + 2] = tone((luminance + (b - luminance) * saturation) * blue) * edge;
    }
  }
}

/** Sensor noise, then 8 bits. */
function digitise(picture: Float32Array, { width, height }: Size, gap: number, draw: RandomStream): Uint8Array {
  const sigma = lerp(0.004, 0.017, gap);
  const image = new Uint8Array(width * height * 3);
  for (let at = 0; at < image.length; at += 3) {
    const first = draw.word();
    const second = draw.word();
    const shared = (NORMALS[first & NORMAL_MASK] ?? 0) * 0.6 * sigma;
    image[at] = quantised(picture[at] ?? 0, (NORMALS[first >>> 20] ?? 0) * sigma, shared);
    image[at + 1] = quantised(picture[at + 1] ?? 0, (NORMALS[second & NORMAL_MASK] ?? 0) * sigma, shared);
    image[at + 2] = quantised(picture[at + 2] ?? 0, (NORMALS[second >>> 20] ?? 0) * sigma, shared);
  }
  return image;
}

/** Shot noise grows with the root of the signal. */
function quantised(value: number, noise: number, shared: number): number {
  const clean = clamp(value, 0, 1);
  return clamp(clean + noise * (0.5 + Math.sqrt(clean)) + shared, 0, 1) * 255 + 0.5;
}
