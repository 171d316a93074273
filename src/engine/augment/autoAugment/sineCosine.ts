// Sine and cosine from sums and products alone: Math.sin may differ in its last bit between JavaScript engines, and a last
// bit can decide which pixel is looked up.

/** Of an angle in [-pi, pi], to a few units in the last place. */
export function sineCosine(radians: number): { readonly sine: number; readonly cosine: number } {
  let [sine, cosine, term] = [0, 0, 1];
  for (let k = 0; k < 30; k += 4) {
    cosine += term;
    term *= radians / (k + 1);
    sine += term;
    term *= -radians / (k + 2);
    cosine += term;
    term *= radians / (k + 3);
    sine += term;
    term *= -radians / (k + 4);
  }
  return { sine, cosine };
}
