// --mean: over which classes else the mean of IoU is taken, beside that over all that occur.
import type { ClassSet } from '../../../domain/classes.ts';
import { StudioError } from '../../../domain/errors.ts';
import { isOffered, MEAN_SUBSETS, type MeanSubset } from '../../../domain/meanSubsets.ts';

export const MEAN_OPTION = { mean: { type: 'string', multiple: true, default: [] as string[] } } as const;

/** A subset by its id, or names with commas between them. Throws `config.invalid` for a class that the set does not have. */
export function readMeans(given: readonly string[], classes: ClassSet): readonly MeanSubset[] {
  return given.map((text) => {
    const subset = MEAN_SUBSETS.find(({ id }) => id === text) ?? {
      id: text,
      names: text.split(',').map((name) => name.trim()),
    };
    if (isOffered(subset, classes)) return subset;
    const known = classes.map(({ name }) => name);
    const unknown = subset.names.filter((name) => !known.includes(name));
    throw new StudioError(
      'config.invalid',
      `--mean ${text}: there is no class ${unknown.map((name) => `"${name}"`).join(', ')}.`,
      `Give ${MEAN_SUBSETS.map(({ id }) => id).join(' or ')} for Cityscapes' classes, or some of: ${known.join(', ')}.`,
      { key: 'mean', value: text },
    );
  });
}
