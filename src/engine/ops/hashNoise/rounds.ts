// The Feistel network behind the noise: places and keys are split into halves of 12 bits, and a round adds the middle bits of
// a square of the one half to the other. Odd constants without a pattern; eight rounds leave no correlation that the tests see.

/** Values of a half. */
export const HALF = 4096;

export interface Round {
  /** The round's key: half of the key (low and high in turn) * keyFactor + keyOffset, modulo 4096. */
  readonly keyFactor: number;
  readonly keyOffset: number;
  /** left + floor((x^2 + offset) / 2^shift), x = right + round key, all modulo 4096. At most 8190: x^2 + offset < 2^24. */
  readonly offset: number;
  readonly shift: number;
}

const FACTORS = [2857, 1373, 3557, 709, 2141, 3163, 1021, 3719];
const OFFSETS = [1129, 3371, 2707, 211, 1801, 3923, 877, 2287];

export const ROUNDS: readonly Round[] = FACTORS.map((keyFactor, i) => {
  const keyOffset = OFFSETS[i] ?? 0;
  return { keyFactor, keyOffset, offset: 2 * keyOffset, shift: 6 };
});
/** Both halves are added to the sum after these rounds (from 0). */
export const SUMMED_AFTER: readonly number[] = [3, 7];

/** Of four words from 0..4095. */
export const MEAN_OF_SUM = 2 * (HALF - 1);
/** Turns the centred sum into standard deviation 1: four words have the variance 4 * 4096^2 / 12. */
export const UNIT = Math.sqrt(3) / HALF;
