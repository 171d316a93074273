// Draws the factors of the photometric jitter on the host; engine/ops/colourJitter applies them on the GPU.
import type { RandomStream } from '../../domain/rng.ts';

/** Half widths at strength 1: factors around 1, offsets around 0 on the [-1, 1] scale. */
const CONTRAST = 0.3;
const SATURATION = 0.4;
const BRIGHTNESS = 0.25;
const CHANNEL = 0.08;

/** Factors [count, 6] of one batch, row-major: contrast, saturation, brightness, red, green, blue; each image draws its own. */
export function drawColourJitter(random: RandomStream, count: number, strength: number): Float32Array {
  const around = (centre: number, width: number): number =>
    random.uniform(centre - width * strength, centre + width * strength);
  return Float32Array.from(
    Array.from({ length: count }, () => [
      around(1, CONTRAST),
      around(1, SATURATION),
      around(0, BRIGHTNESS),
      around(0, CHANNEL),
      around(0, CHANNEL),
      around(0, CHANNEL),
    ]).flat(),
  );
}
