// What one label file shows before anything is taken for granted: how often each value, each colour and each red sample occurs.
import { rgbKey } from '../../codings/core/coding.ts';
import type { PngPixels } from '../../decode/decodePng.ts';

/** Pixels by value or colour. */
export type Counts = ReadonlyMap<number, number>;

/** A label file that was looked into. */
export interface LabelLook {
  readonly path: string;
  /** Id of the coding that its name promises. */
  readonly promised: string | null;
  readonly pixels: number;
  readonly depth: 8 | 16;
  /** Of files in which one channel says it all (grey, palette, three equal channels); null for others. */
  readonly values: Counts | null;
  /** By {@link rgbKey}: of 8-bit RGB, and of palettes. Colours beyond the first thousand are counted under -1. */
  readonly colours: Counts | null;
  /** Of RGB, whatever the other channels hold. */
  readonly red: Counts | null;
  /** Green and blue are 0 everywhere. */
  readonly isRedAlone: boolean;
  /** Colour by index. */
  readonly palette: Counts | null;
}

const MANY_COLOURS = 1000;
export const OTHER_COLOURS = -1;

function countEvery(samples: PngPixels['samples'], step: number): Counts {
  const counts = new Uint32Array(samples instanceof Uint8Array ? 256 : 65_536);
  for (let i = 0; i < samples.length; i += step) {
    const value = samples[i] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  const occurring = new Map<number, number>();
  counts.forEach((count, value) => {
    if (count > 0) occurring.set(value, count);
  });
  return occurring;
}

function countColours(samples: ArrayLike<number>, step: number): Counts {
  const counts = new Map<number, number>();
  let run = 0;
  let last = rgbKey(samples[0] ?? 0, samples[1] ?? 0, samples[2] ?? 0);
  const add = (): void => {
    const key = counts.has(last) || counts.size < MANY_COLOURS ? last : OTHER_COLOURS;
    counts.set(key, (counts.get(key) ?? 0) + run);
  };
  for (let i = 0; i < samples.length; i += step) {
    const key = rgbKey(samples[i] ?? 0, samples[i + 1] ?? 0, samples[i + 2] ?? 0);
    if (key !== last) {
      add();
      last = key;
      run = 0;
    }
    run++;
  }
  add();
  return counts;
}

const hasOpaqueAlpha = ({ samples, channels, bitDepth }: PngPixels): boolean => {
  const opaque = bitDepth === 16 ? 65_535 : 255;
  for (let i = channels - 1; i < samples.length; i += channels) if (samples[i] !== opaque) return false;
  return true;
};

/** What the channels after red do: nothing (0), the same as red, or something of their own. */
function otherChannels({ samples, channels }: PngPixels): 'none' | 'same' | 'own' {
  let areNone = true;
  let areSame = true;
  for (let i = 0; i < samples.length && (areNone || areSame); i += channels) {
    const green = samples[i + 1];
    const blue = samples[i + 2];
    if (green !== 0 || blue !== 0) areNone = false;
    if (green !== samples[i] || blue !== samples[i]) areSame = false;
  }
  return areSame ? 'same' : areNone ? 'none' : 'own';
}

/** Looks into a decoded label file. Transparency and numbers above 255 leave nothing to see: no coding has them. */
export function lookAt(path: string, promised: string | null, png: PngPixels): LabelLook {
  const { width, height, channels, colourType, samples } = png;
  const nothing = { values: null, colours: null, red: null, isRedAlone: false, palette: null };
  const base: LabelLook = {
    path,
    promised,
    pixels: width * height,
    depth: png.bitDepth === 16 ? 16 : 8,
    ...nothing,
  };
  if ((colourType === 'rgba' || colourType === 'grey-alpha') && !hasOpaqueAlpha(png)) return base;
  if (png.palette !== null) {
    const values = countEvery(samples, 1);
    const palette = new Map(
      png.palette.map(([red = 0, green = 0, blue = 0], index) => [index, rgbKey(red, green, blue)]),
    );
    const colours = new Map<number, number>();
    for (const [index, count] of values) {
      const key = palette.get(index) ?? OTHER_COLOURS;
      colours.set(key, (colours.get(key) ?? 0) + count);
    }
    return { ...base, values, colours, palette };
  }
  if (channels < 3) {
    const values = countEvery(samples, channels);
    return [...values.keys()].some((value) => value > 255) ? base : { ...base, values };
  }
  const others = otherChannels(png);
  const colours = base.depth === 16 ? null : countColours(samples, channels);
  // A number that a tool has tripled, or the blacks and greys of a colour mask.
  if (others === 'same') return { ...base, values: countEvery(samples, channels), colours };
  return { ...base, colours, red: countEvery(samples, channels), isRedAlone: others === 'none' };
}
