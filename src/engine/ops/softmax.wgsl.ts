// A pixel's softmax in registers, one a class: what the kernels on class scores share. Every logit is read once; classes are
// in the text, because a register has no index.

/** `text` once for every class. */
export function perClass(classes: number, text: (c: number) => string, separator = '\n  '): string {
  return Array.from({ length: classes }, (_, c) => text(c)).join(separator);
}

/**
 * Statements on `logits[first]` and those after it: logits `z0`, `z1`..., their maximum `highest`, exponentials `e0`, `e1`... of
 * their distance from it times `perTemperature` (a WGSL expression), and the exponentials' `sum`. Every exponent is at most 0,
 * one is 0.
 */
export function exponentials(classes: number, perTemperature: string): string {
  return `${perClass(classes, (c) => `let z${c} = logits[first + ${c}];`)}
  var highest = z0;
  ${perClass(classes, (c) => `highest = max(highest, z${c});`)}
  ${perClass(classes, (c) => `let e${c} = exp((z${c} - highest) * ${perTemperature});`)}
  let sum = ${perClass(classes, (c) => `e${c}`, ' + ')};`;
}
