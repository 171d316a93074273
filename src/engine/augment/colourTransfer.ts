// Colour-statistics transfer (Reinhard et al. 2001): a source image with the mean and the spread of a target image's colours,
// channel by channel in l-alpha-beta, where the channels of natural images are all but uncorrelated (Ruderman et al. 1998).
import type { RgbImage } from '../../domain/dataset.ts';

const CHANNELS = 3;

/** Row-major 3x3. RGB to the responses of the cones; their logarithms to lightness, yellow to blue, red to green. */
const TO_CONES = [0.3811, 0.5783, 0.0402, 0.1967, 0.7244, 0.0782, 0.0241, 0.1288, 0.8444];
const TO_OPPONENT = [
  ...[1, 1, 1].map((x) => x / Math.sqrt(3)),
  ...[1, 1, -2].map((x) => x / Math.sqrt(6)),
  ...[1, -1, 0].map((x) => x / Math.sqrt(2)),
];
const FROM_CONES = inverse(TO_CONES);
/** Its rows are orthonormal. */
const FROM_OPPONENT = transposed(TO_OPPONENT);
/** Added to values from 0 to 255, so that black has a logarithm. */
const FOOT = 1;

/** Means and standard deviations of an image's l, alpha and beta. */
export interface ColourStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Of RGB `values` on the scale 0..255, none of them below 0. */
export function colourStatistics(values: ArrayLike<number>): ColourStatistics {
  return statisticsOf(toOpponent(values));
}

/**
 * The source with the target's colour statistics; values on the scale 0..255, neither rounded nor held within. A channel in
 * which the source is constant takes the target's mean.
 */
export function transferColours(source: RgbImage, target: ColourStatistics): Float64Array {
  const colours = toOpponent(source.data);
  const own = statisticsOf(colours);
  const moved = colours.map((value, i) => {
    const c = i % CHANNELS;
    const [mean = 0, deviation = 0] = [own.mean[c], own.deviation[c]];
    const gain = deviation < CONSTANT ? 0 : (target.deviation[c] ?? 0) / deviation;
    return (target.mean[c] ?? 0) + gain * (value - mean);
  });
  const cones = eachColour(moved, FROM_OPPONENT).map(Math.exp);
  return eachColour(cones, FROM_CONES).map((value) => value - FOOT);
}

/** What rounding leaves of a deviation of 0. */
const CONSTANT = 1e-9;

function toOpponent(values: ArrayLike<number>): Float64Array {
  const lifted = Float64Array.from(values, (value) => value + FOOT);
  return eachColour(eachColour(lifted, TO_CONES).map(Math.log), TO_OPPONENT);
}

function statisticsOf(colours: Float64Array): ColourStatistics {
  const count = colours.length / CHANNELS;
  const mean = new Array<number>(CHANNELS).fill(0);
  const variance = new Array<number>(CHANNELS).fill(0);
  colours.forEach((value, i) => {
    mean[i % CHANNELS] = (mean[i % CHANNELS] ?? 0) + value / count;
  });
  colours.forEach((value, i) => {
    const c = i % CHANNELS;
    variance[c] = (variance[c] ?? 0) + (value - (mean[c] ?? 0)) ** 2 / count;
  });
  return { mean, deviation: variance.map(Math.sqrt) };
}

/** Every colour (three values) times the matrix. */
function eachColour(values: Float64Array, matrix: readonly number[]): Float64Array {
  return values.map((_, i) => {
    const row = CHANNELS * (i % CHANNELS);
    const first = i - (i % CHANNELS);
    return (
      (matrix[row] ?? 0) * (values[first] ?? 0) +
      (matrix[row + 1] ?? 0) * (values[first + 1] ?? 0) +
      (matrix[row + 2] ?? 0) * (values[first + 2] ?? 0)
    );
  });
}

function transposed(matrix: readonly number[]): number[] {
  return matrix.map((_, i) => matrix[CHANNELS * (i % CHANNELS) + Math.floor(i / CHANNELS)] ?? 0);
}

/** By cofactors. */
function inverse(matrix: readonly number[]): number[] {
  const at = (row: number, column: number): number => matrix[CHANNELS * (row % CHANNELS) + (column % CHANNELS)] ?? 0;
  const cofactor = (row: number, column: number): number =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return transposed(matrix.map((_, i) => cofactor(Math.floor(i / CHANNELS), i % CHANNELS) / determinant));
}
