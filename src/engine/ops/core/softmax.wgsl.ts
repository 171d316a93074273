// A pixel's softmax in registers, one a class: what the kernels on class scores share. Every logit is read once; classes are
// in the text, because a register has no index.
import { isSoftwareDevice, type ProgramSpec } from '../../gpu/program.ts';

/** What the text depends on. Its programs have `classes` among their uniforms, too. */
export interface ClassSpec extends ProgramSpec {
  readonly classes: number;
  /** Reads and writes in loops that no compiler sees through: each is most of what a driver for the CPU has to compile. */
  readonly looped: boolean;
}

export function classSpec(classes: number): ClassSpec {
  return { classes, looped: isSoftwareDevice() };
}

/** Arithmetic, written out for every class. */
export function perClass({ classes }: ClassSpec, text: (c: number) => string, separator = '\n  '): string {
  return Array.from({ length: classes }, (_, c) => text(c)).join(separator);
}

/** Reads or writes of every class: `text` sees an index. */
export function everyClass(spec: ClassSpec, text: (c: string) => string): string {
  return spec.looped ? `for (var c = 0; c < u.classes; c++) { ${text('c')} }` : perClass(spec, (c) => text(`${c}`));
}

/**
 * Statements on `logits[first]` and those after it: logits `z[0]`, `z[1]`..., their maximum `highest`, exponentials `e0`,
 * `e1`... of their distance from it times `perTemperature` (a WGSL expression), and the exponentials' `sum`. Every exponent is
 * at most 0, one is 0.
 */
export function exponentials(spec: ClassSpec, perTemperature: string): string {
  return `var z: array<f32, ${spec.classes}>;
  ${everyClass(spec, (c) => `z[${c}] = logits[first + ${c}];`)}
  var highest = z[0];
  ${perClass(spec, (c) => `highest = max(highest, z[${c}]);`)}
  ${perClass(spec, (c) => `let e${c} = exp((z[${c}] - highest) * ${perTemperature});`)}
  let sum = ${perClass(spec, (c) => `e${c}`, ' + ')};`;
}
