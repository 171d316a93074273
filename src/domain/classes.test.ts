// Sets of classes: what may be one, when two are the same, and what records without one have.
import { describe, expect, it } from 'vitest';
import { areSameClasses, CITYSCAPES_CLASSES, checkedClasses, classesOf, type SegmentationClass } from './classes.ts';

const some = (...names: readonly string[]): SegmentationClass[] => names.map((name, i) => ({ name, rgb: [i, 0, 0] }));
const numbered = (count: number): SegmentationClass[] => some(...Array.from({ length: count }, (_, i) => `c${i}`));

describe('a set of classes', () => {
  it.each([1, 5, 33, 64])('may have %i', (count) => {
    expect(checkedClasses(numbered(count))).toHaveLength(count);
  });

  it.each([
    ['no class', [], '1 to 64'],
    ['too many', numbered(65), 'not 65'],
    ['a name twice', some('a', 'b', 'a'), '"a"'],
    ['an empty name', some('a', ' '), 'no name'],
    ['a colour that is none', [{ name: 'a', rgb: [0, 256, 0] as const }], 'colour'],
  ])('is refused with %s', (_, classes, message) => {
    expect(() => checkedClasses(classes)).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(message) }),
    );
  });

  it('is the same by names and order, whatever the colours', () => {
    const [a, b] = some('a', 'b') as [SegmentationClass, SegmentationClass];
    expect(areSameClasses([a, b], [a, { ...b, rgb: [9, 9, 9] }])).toBe(true);
    expect(areSameClasses([a, b], [b, a])).toBe(false);
    expect(areSameClasses([a, b], [a])).toBe(false);
  });

  it('is Cityscapes’ where none is recorded', () => {
    expect(classesOf({})).toBe(CITYSCAPES_CLASSES);
    expect(checkedClasses(CITYSCAPES_CLASSES)).toHaveLength(19);
    expect(classesOf({ classes: some('a') })).toEqual(some('a'));
  });
});
