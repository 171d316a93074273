// What a run tells apart: the classes that all its labelled datasets share. Nothing maps the classes of one set to another's.
import type { TileSource } from '../../data/ports.ts';
import { areSameClasses, CITYSCAPES_CLASSES, type ClassSet } from '../../domain/classes.ts';
import { labelledClasses } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';

/**
 * The classes of the first dataset that has labels; one without any says nothing. Throws `config.class-mismatch`, with both
 * lists, where two differ in names or order.
 */
export function sharedClasses(datasets: readonly TileSource[]): ClassSet {
  const [first, ...others] = datasets.flatMap(({ info }): OwnedClasses[] => {
    const classes = labelledClasses(info);
    return classes === null ? [] : [{ of: info.name, classes }];
  });
  if (first === undefined) return CITYSCAPES_CLASSES;
  for (const other of others) refuseOtherClasses(first, other);
  return first.classes;
}

/** A set of classes and what has it. */
export interface OwnedClasses {
  readonly of: string;
  readonly classes: ClassSet;
}

/** Throws `config.class-mismatch`. */
export function refuseOtherClasses(a: OwnedClasses, b: OwnedClasses): void {
  if (areSameClasses(a.classes, b.classes)) return;
  const names = ({ classes }: OwnedClasses): string => classes.map(({ name }) => name).join(', ');
  throw new StudioError(
    'config.class-mismatch',
    `"${a.of}" has the classes ${names(a)}; "${b.of}" has ${names(b)}.`,
    'Import both with one table of classes: the same names in the same order.',
    { a: a.of, aClasses: names(a), b: b.of, bClasses: names(b) },
  );
}
