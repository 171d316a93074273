// Sets of classes that are not Cityscapes': so many of them, with names and colours of their own.
import type { ClassSet } from '../domain/classes.ts';

export function ownClasses(count: number): ClassSet {
  return Array.from({ length: count }, (_, i) => ({ name: `kind ${i}`, rgb: [(i * 53) % 256, (i * 97) % 256, i] }));
}
