// Colours of the scenes: RGB triples in 0..255, and the vertical gradient that every primitive is filled with.
import { lerp } from './exactMath.ts';

export type Rgb = readonly [number, number, number];

/** Colour at the top and at the bottom of the primitive's bounding box on screen. */
export interface Paint {
  readonly top: Rgb;
  readonly bottom: Rgb;
}

export function solid(colour: Rgb): Paint {
  return { top: colour, bottom: colour };
}

export function gradient(top: Rgb, bottom: Rgb): Paint {
  return { top, bottom };
}

/** Brighter or darker; clamped when it is packed. */
export function scaled(colour: Rgb, factor: number): Rgb {
  return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
}

export function mixed(from: Rgb, to: Rgb, t: number): Rgb {
  return [lerp(from[0], to[0], t), lerp(from[1], to[1], t), lerp(from[2], to[2], t)];
}

/** A colour with light from above: `spread` is the relative difference between top and bottom. */
export function lit(colour: Rgb, spread = 0.16): Paint {
  return { top: scaled(colour, 1 + spread / 2), bottom: scaled(colour, 1 - spread / 2) };
}

/** Three bytes in one word, red lowest; too bright becomes 255. Channels are not negative. */
export function packRgb(red: number, green: number, blue: number): number {
  return Math.min(255, red | 0) | (Math.min(255, green | 0) << 8) | (Math.min(255, blue | 0) << 16);
}
