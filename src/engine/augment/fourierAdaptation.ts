// FDA (Yang & Soatto, CVPR 2020): a source image with the low-frequency amplitudes of a target image, and its own phases.
// Only a few frequencies change, so only those are transformed, by their definition, along rows and then along columns: exact,
// for images of any size, and cheaper than a fast transform of all frequencies.
import type { RgbImage } from '../../domain/dataset.ts';

const COLOURS = 3;

/**
 * The source with the target's amplitudes at up to floor(beta * shorter side) waves per image along either axis, the mean
 * among them. `beta` 0 leaves it as it is; below 0.5. Values 0..255, neither rounded nor held within. Amplitudes are
 * relative to the number of pixels, so the two sizes may differ.
 */
export function adaptAmplitudes(source: RgbImage, target: RgbImage, beta: number): Float64Array {
  const values = Float64Array.from(source.data);
  if (beta === 0) return values;
  const { width, height } = source;
  const band = Math.floor(beta * Math.min(width, height));
  for (let colour = 0; colour < COLOURS; colour++) {
    const own = lowSpectrum(source, colour, band);
    const wanted = lowSpectrum(target, colour, band);
    for (let k = 0; k < own.length; k += 2) {
      const [re = 0, im = 0] = own.subarray(k, k + 2);
      const length = Math.hypot(re, im);
      const amplitude = Math.hypot(wanted[k] ?? 0, wanted[k + 1] ?? 0);
      // The difference that the source lacks, along its own phase; along 0 where it has none.
      own[k] = length === 0 ? amplitude : re * (amplitude / length - 1);
      own[k + 1] = length === 0 ? 0 : im * (amplitude / length - 1);
    }
    addWaves(values, source, colour, own, band);
  }
  return values;
}

/**
 * (1 / pixels) sum of value * exp(-2 pi i (u x / width + v y / height)) for u from 0 and v from -band, to `band`: rows of
 * 2 band + 1 pairs (real, imaginary). Those of negative u are the conjugates, the image being real.
 */
export function lowSpectrum({ width, height, data }: RgbImage, colour: number, band: number): Float64Array {
  const across = wavesOf(width);
  const down = wavesOf(height);
  const columns = 2 * band + 1;
  const spectrum = new Float64Array(2 * columns * (band + 1));
  for (let u = 0; u <= band; u++) {
    for (let y = 0; y < height; y++) {
      let re = 0;
      let im = 0;
      for (let x = 0, k = 0; x < width; x++, k = (k + u) % width) {
        const value = data[(y * width + x) * COLOURS + colour] ?? 0;
        re += value * (across.cos[k] ?? 0);
        im -= value * (across.sin[k] ?? 0);
      }
      for (let v = -band; v <= band; v++) {
        const k = modulo(v * y, height);
        const [cos, sin] = [down.cos[k] ?? 0, down.sin[k] ?? 0];
        const at = 2 * (u * columns + v + band);
        spectrum[at] = (spectrum[at] ?? 0) + re * cos + im * sin;
        spectrum[at + 1] = (spectrum[at + 1] ?? 0) + im * cos - re * sin;
      }
    }
  }
  return spectrum.map((value) => value / (width * height));
}

/** Adds to one colour of `values` the real picture whose low spectrum is `spectrum`: the inverse of {@link lowSpectrum}. */
function addWaves(
  values: Float64Array,
  { width, height }: RgbImage,
  colour: number,
  spectrum: Float64Array,
  band: number,
): void {
  const across = wavesOf(width);
  const down = wavesOf(height);
  const columns = 2 * band + 1;
  for (let u = 0; u <= band; u++) {
    // A wave and its conjugate; u = 0 has both among its v.
    const weight = u === 0 ? 1 : 2;
    for (let y = 0; y < height; y++) {
      let re = 0;
      let im = 0;
      for (let v = -band; v <= band; v++) {
        const k = modulo(v * y, height);
        const [cos, sin] = [down.cos[k] ?? 0, down.sin[k] ?? 0];
        const at = 2 * (u * columns + v + band);
        re += (spectrum[at] ?? 0) * cos - (spectrum[at + 1] ?? 0) * sin;
        im += (spectrum[at] ?? 0) * sin + (spectrum[at + 1] ?? 0) * cos;
      }
      for (let x = 0, k = 0; x < width; x++, k = (k + u) % width) {
        const at = (y * width + x) * COLOURS + colour;
        values[at] = (values[at] ?? 0) + weight * (re * (across.cos[k] ?? 0) - im * (across.sin[k] ?? 0));
      }
    }
  }
}

/** Cosines and sines of 2 pi k / side. */
function wavesOf(side: number): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const angles = Float64Array.from({ length: side }, (_, k) => (2 * Math.PI * k) / side);
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
}

const modulo = (value: number, side: number): number => ((value % side) + side) % side;
