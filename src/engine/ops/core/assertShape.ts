// One check for the shapes that a public function of the engine takes; always on, it costs nothing beside a dispatch.
import { StudioError } from '../../../domain/errors.ts';

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
  const agrees = (expected: string | number, axis: number): boolean => {
    const size = x.shape[axis] ?? 0;
    if (typeof expected === 'number') return size === expected;
    bound[expected] ??= size;
    return bound[expected] === size;
  };
  // Not through `invariant`: this runs at the door of every operation.
  if (x.shape.length === pattern.length && pattern.every(agrees)) return bound;
  const wanted = pattern.map((p) => (typeof p === 'string' && bound[p] !== undefined ? `${p}=${bound[p]}` : p));
  throw new StudioError(
    'internal.invariant',
    `${name} has shape [${x.shape.join(', ')}]; expected [${wanted.join(', ')}].`,
    'This is a defect of the studio. Please report it.',
  );
}
