// One check for the shapes that a public function of the engine takes; always on, it costs nothing beside a dispatch.
import { invariant } from '../../../domain/errors.ts';

/**
 * Throws `internal.invariant` unless `x` has as many dimensions as `pattern` and agrees with its numbers; letters
 * stand for any size, and the same letter for the same size. Returns the sizes by letter.
 */
export function assertShape(
  x: { readonly shape: readonly number[] },
  pattern: readonly (string | number)[],
  name: string,
  bound: Record<string, number> = {},
): Record<string, number> {
  const fail = (): string =>
    `${name} has shape [${x.shape.join(', ')}]; expected [${pattern.map((p) => (typeof p === 'string' && bound[p] !== undefined ? `${p}=${bound[p]}` : p)).join(', ')}].`;
  invariant(x.shape.length === pattern.length, fail);
  pattern.forEach((expected, axis) => {
    const size = x.shape[axis] ?? 0;
    if (typeof expected === 'number') invariant(size === expected, fail);
    else {
      invariant(bound[expected] === undefined || bound[expected] === size, fail);
      bound[expected] = size;
    }
  });
  return bound;
}
