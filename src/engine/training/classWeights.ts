// Class weights from pixel counts: rare classes count more, but not without bound.

/** Shares below this weigh as this: a class of a few pixels must not dominate. */
const RAREST_SHARE = 0.004;
const SMALLEST = 0.35;
const LARGEST = 4;

/**
 * One weight per class: 1 / sqrt(share), scaled so that the mean over pixels is 1, then clamped to 0.35..4.
 * `classPixels` holds labelled pixels per class (entries beyond are not looked at); without any, every weight is 1.
 */
export function classWeightsOf(classPixels: ArrayLike<number>, classes: number): Float32Array {
  const pixels = Array.from({ length: classes }, (_, c) => classPixels[c] ?? 0);
  const total = pixels.reduce((sum, count) => sum + count, 0);
  if (total === 0) return new Float32Array(classes).fill(1);
  const shares = pixels.map((count) => count / total);
  const raw = shares.map((share) => 1 / Math.sqrt(Math.max(share, RAREST_SHARE)));
  const mean = raw.reduce((sum, weight, c) => sum + weight * (shares[c] ?? 0), 0);
  return Float32Array.from(raw, (weight) => Math.min(LARGEST, Math.max(SMALLEST, weight / mean)));
}
