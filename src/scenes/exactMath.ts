// Powers, exponentials and counts built only of +, -, *, / and square roots, which IEEE 754 rounds alike everywhere.
// Math.pow, exp, log, sin and cos may differ in the last bit between JavaScript engines; the scenes may not.

const FRACTION_BITS = 14;

/** base^exponent for base >= 0 and exponent >= 0; the exponent is taken in steps of 2^-14. */
export function exactPower(base: number, exponent: number): number {
  let whole = Math.floor(exponent);
  let fraction = exponent - whole;
  let result = 1;
  for (let factor = base; whole > 0; whole = Math.floor(whole / 2)) {
    if (whole % 2 === 1) result *= factor;
    factor *= factor;
  }
  let root = base;
  for (let bit = 0; bit < FRACTION_BITS && fraction > 0; bit++) {
    root = Math.sqrt(root);
    fraction *= 2;
    if (fraction >= 1) {
      result *= root;
      fraction -= 1;
    }
  }
  return result;
}

/** e^-x for x >= 0. */
export function expNegative(x: number): number {
  return exactPower(0.36787944117144233, x);
}

/** Inverse of the Poisson distribution function at `uniform`; never more than `most`. Grows with `mean` for a fixed uniform. */
export function poissonCount(uniform: number, mean: number, most: number): number {
  let probability = expNegative(mean);
  let below = probability;
  let count = 0;
  while (count < most && uniform >= below) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** A smooth wave of period 1 between -1 and 1, from parabolas. */
export function wave(t: number): number {
  const phase = 2 * (t - Math.floor(t)) - 1;
  return 4 * phase * (1 - Math.abs(phase)) * -1;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

export function lerp(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
