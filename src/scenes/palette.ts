// Materials of the scenes at both ends of the style gap. A variant is one material seen in both styles, so an object
// keeps its identity while the slider moves: only its colour travels.
import { invariant } from '../domain/errors.ts';
import type { RandomStream } from '../domain/rng.ts';
import { lerp } from './exactMath.ts';
import type { Rgb } from './paint.ts';

interface Material {
  /** Standard deviation of the brightness, 0..255; channels vary by 0.4 of it on top. */
  readonly jitter: number;
  readonly variants: readonly Variant[];
}

/** One material in both styles, in hexadecimal: "source target". */
type VariantText = `#${string} #${string}`;
interface Variant {
  readonly source: Rgb;
  readonly target: Rgb;
}

function material(jitter: number, variants: readonly VariantText[]): Material {
  const rgb = (hex: string): Rgb => {
    const value = Number.parseInt(hex.slice(1), 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  };
  return { jitter, variants: variants.map((text) => ({ source: rgb(text.slice(0, 7)), target: rgb(text.slice(8)) })) };
}

const MATERIALS = {
  road: material(8, ['#646068 #5c5c5a']),
  marking: material(8, ['#ebe18c #c4c4c0']),
  sidewalk: material(9, ['#baac96 #807a78', '#b0a49e #767274']),
  curb: material(8, ['#cdc3b4 #8c8884']),
  terrain: material(12, ['#96aa46 #68683e', '#b09656 #60683a']),
  vegetation: material(12, ['#3c9630 #3e4c28', '#54a838 #4a5430', '#2c8038 #303e26']),
  trunk: material(8, ['#785432 #463c32']),
  building: material(12, [
    '#e0be96 #8c7662',
    '#c87860 #7c5c50',
    '#ece2ce #9e9484',
    '#96aabe #707072',
    '#d8c878 #96845c',
    '#b296be #625c60',
  ]),
  window: material(12, ['#5a8cbe #3a3e44']),
  roof: material(10, ['#96463c #5c463e']),
  wall: material(10, ['#be9682 #786e68', '#d2c8be #848078']),
  fence: material(12, ['#8c6440 #605c56', '#dcd8d2 #6e6864']),
  pole: material(8, ['#787c82 #545656', '#5a6460 #686866']),
  lightBox: material(5, ['#323428 #282a28']),
  sign: material(8, ['#28a05a #3c5a96', '#ebc828 #beb050', '#dc3232 #a0423e', '#f0f0f0 #babab8']),
  skin: material(10, ['#ecbe96 #b08e7c']),
  clothes: material(14, [
    '#d2323c #503c40',
    '#325ad2 #383e54',
    '#f0d23c #786c5a',
    '#3cb48c #404a46',
    '#f0f0f0 #8c8a8a',
    '#6e3ca0 #2c2c32',
  ]),
  trousers: material(10, ['#323c6e #30323c', '#5a5046 #3e3a36']),
  car: material(10, [
    '#d62828 #3c3e42',
    '#2850c8 #2c3852',
    '#f0f0f0 #b0b2b2',
    '#28aa5a #606262',
    '#fab41e #807e7c',
    '#3c3c42 #222426',
    '#b4bec8 #8e9294',
    '#a03caa #6e302e',
  ]),
  glass: material(8, ['#78b4dc #424a50']),
  tyre: material(4, ['#242426 #222222']),
  tailLight: material(8, ['#ff3228 #aa322e']),
  truck: material(10, ['#f0ece4 #a8a8a4', '#f49628 #707a8a', '#3c8cc8 #8c8270', '#be3c32 #5c645c']),
  bus: material(10, ['#fac81e #a83c34', '#3c78dc #b4a248', '#f0f0f0 #acaca8']),
  train: material(10, ['#c4ccd6 #b09e54', '#2896aa #963e38', '#dc466e #a0a29e']),
  motorcycle: material(10, ['#c82828 #3a3434', '#283cb4 #2c303c', '#28282c #282828']),
  bicycle: material(10, ['#dc3c3c #464240', '#28a0c8 #383e46', '#f0dc3c #5a5854']),
  skyTop: material(8, ['#3a80e2 #96a2aa', '#4696ec #b2b6b6']),
  skyLow: material(6, ['#b0d6f6 #c4caca', '#c4def0 #d0d0cc']),
  cloud: material(4, ['#fafafc #ced0d0']),
  hill: material(10, ['#6e9678 #68706a']),
};

export type MaterialName = keyof typeof MATERIALS;

export class Palette {
  readonly styleGap: number;

  constructor(styleGap: number) {
    this.styleGap = styleGap;
  }

  /** Draws a variant and its jitter from `stream`: always the same number of draws, whatever the gap. */
  colour(name: MaterialName, stream: RandomStream): Rgb {
    const { jitter, variants } = MATERIALS[name];
    const variant = variants[stream.integer(variants.length)];
    invariant(variant !== undefined, () => `The material ${name} has no variants.`);
    const { source, target } = variant;
    const brightness = stream.normal() * jitter;
    const channel = (from: number, to: number) =>
      Math.max(0, lerp(from, to, this.styleGap) + brightness + stream.normal() * jitter * 0.4);
    return [channel(source[0], target[0]), channel(source[1], target[1]), channel(source[2], target[2])];
  }

  /** A fixed colour that loses `fade` of its brightness over the gap: lamps, number plates, chrome. */
  fixed(colour: Rgb, fade = 0.25): Rgb {
    const factor = 1 - fade * this.styleGap;
    return [colour[0] * factor, colour[1] * factor, colour[2] * factor];
  }
}
