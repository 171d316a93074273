// What a label file holds once its format is out of the way: a class number a pixel, or a colour a pixel. Sixteen bits whose values
// fit a byte, opaque alpha and tripled channels carry nothing more; what carries more is refused by name.
import { StudioError } from '../../domain/errors.ts';
import type { PngPixels } from './decodePng.ts';

export type LabelSamples =
  | { readonly kind: 'values'; readonly values: Uint8Array; readonly palette: PngPixels['palette'] }
  /** RGB [height, width, 3]; 16 bits wide where the file is. */
  | { readonly kind: 'colours'; readonly rgb: PngPixels['samples'] };

const EXPECTED = 'Save labels as 8-bit PNG with one channel (grey or palette), the value being the class.';

export const refuseLabels = (
  path: string,
  what: string,
  { colourType, bitDepth }: Pick<PngPixels, 'colourType' | 'bitDepth'>,
  advice = EXPECTED,
): StudioError =>
  new StudioError('data.unsupported-format', `${path}: ${what}`, advice, {
    path,
    reason: 'label-format',
    colourType,
    bitDepth,
  });

/** Throws `data.unsupported-format`. */
export function labelSamples(png: PngPixels, path: string): LabelSamples {
  const { channels, colourType, samples, palette } = png;
  if (colourType === 'grey-alpha' || colourType === 'rgba') requireOpaque(png, path);
  if (channels < 3) return { kind: 'values', values: bytesOf(samples, channels, path, png), palette };
  const rgb = channels === 3 ? samples : withoutAlpha(samples);
  // RGB whose channels are equal everywhere is one channel that a tool has tripled.
  return isTripled(rgb)
    ? { kind: 'values', values: bytesOf(rgb, 3, path, png), palette: null }
    : { kind: 'colours', rgb };
}

/** The red channel as class numbers: SYNTHIA and CARLA keep them there. Throws `data.unsupported-format`. */
export const redOf = ({ rgb }: { readonly rgb: PngPixels['samples'] }, path: string): Uint8Array =>
  bytesOf(rgb, 3, path, { colourType: 'rgb', bitDepth: rgb instanceof Uint16Array ? 16 : 8 });

/** Colours of 8 bits a channel. Throws `data.unsupported-format`. */
export function rgbOf({ rgb }: { readonly rgb: PngPixels['samples'] }, path: string): Uint8Array {
  return rgb instanceof Uint8Array ? rgb : bytesOf(rgb, 1, path, { colourType: 'rgb', bitDepth: 16 });
}

/** Every `step`-th sample, which must fit a byte. */
function bytesOf(
  samples: PngPixels['samples'],
  step: number,
  path: string,
  png: Pick<PngPixels, 'colourType' | 'bitDepth'>,
): Uint8Array {
  if (step === 1 && samples instanceof Uint8Array) return samples;
  const bytes = new Uint8Array(samples.length / step);
  for (let i = 0; i < bytes.length; i++) {
    const sample = samples[i * step] ?? 0;
    if (sample > 255) throw tooLarge(sample, path, png);
    bytes[i] = sample;
  }
  return bytes;
}

function tooLarge(value: number, path: string, png: Pick<PngPixels, 'colourType' | 'bitDepth'>): StudioError {
  const what = `the label holds ${value}; class numbers end at 255. Such numbers tell objects apart (class x 1000 + object), not classes.`;
  return refuseLabels(path, what, png, 'Choose the label files of classes, not of instances.');
}

function requireOpaque(png: PngPixels, path: string): void {
  const { samples, channels, bitDepth } = png;
  const opaque = bitDepth === 16 ? 65_535 : 255;
  for (let i = channels - 1; i < samples.length; i += channels) {
    if (samples[i] !== opaque) {
      throw refuseLabels(path, 'the label is partly transparent, which blurs which class a pixel is.', png);
    }
  }
}

function withoutAlpha(samples: PngPixels['samples']): PngPixels['samples'] {
  const rgb = new (samples instanceof Uint16Array ? Uint16Array : Uint8Array)((samples.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = samples[from] ?? 0;
    rgb[to + 1] = samples[from + 1] ?? 0;
    rgb[to + 2] = samples[from + 2] ?? 0;
  }
  return rgb;
}

function isTripled(rgb: PngPixels['samples']): boolean {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}
