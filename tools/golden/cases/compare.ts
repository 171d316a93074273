// The passing rule of the golden vectors: |got - expected| <= atol + rtol * |expected| for every element, up to a share of
// outliers where one is given, or alternatively a bound on the relative L2 distance.
import type { GoldenTensor } from './goldenCase.ts';

export interface Comparison {
  readonly isOk: boolean;
  readonly maxError: number;
  /** For a failure: the worst element, in words. */
  readonly detail: string;
}

/** Compares a result with the stored tensor. NaN never passes. */
export function compare(got: ArrayLike<number>, expected: GoldenTensor): Comparison {
  const { data, rtol, atol, outlierFraction, relL2Tol } = expected;
  if (got.length !== data.length) {
    return { isOk: false, maxError: Number.NaN, detail: `${got.length} values instead of ${data.length}` };
  }
  let maxError = 0;
  let worst = 0;
  let outside = 0;
  let squaredError = 0;
  let squaredNorm = 0;
  for (let i = 0; i < data.length; i++) {
    const reference = data[i] ?? 0;
    const error = Math.abs((got[i] ?? Number.NaN) - reference);
    if (!(error <= atol + rtol * Math.abs(reference))) outside += 1;
    if (!(error <= maxError)) {
      maxError = error;
      worst = i;
    }
    squaredError += error * error;
    squaredNorm += reference * reference;
  }
  const isWithin = outside <= outlierFraction * data.length && Number.isFinite(squaredError);
  const isClose = relL2Tol !== null && Math.sqrt(squaredError) <= relL2Tol * Math.sqrt(squaredNorm);
  return {
    isOk: isWithin || isClose,
    maxError,
    detail: `max error ${maxError.toExponential(2)} at ${worst} (got ${got[worst]}, expected ${data[worst]}), ${outside} of ${data.length} outside`,
  };
}
