// Tables and JSON of scores: by the classes they are about, with the means that were asked for and what those are over.
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { meanOver, type SegmentationScores } from '../../../domain/metrics.ts';
import { ownClasses } from '../../../testing/ownClasses.ts';
import { readMeans } from '../commands/meanArguments.ts';
import { type AblationResult, classTable } from './ablationTable.ts';
import { scoresToJson } from './report.ts';
import { scoreTable } from './scoreTable.ts';

/** Class c has an IoU of c percent. */
function scoresFor(count: number): SegmentationScores {
  const iou = Array.from({ length: count }, (_, c) => c);
  return { ...meanOver(iou), iou, aAcc: 50, pixels: 8 };
}
const cells = (table: string, name: string): string[] =>
  table
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());

test.each([5, 33])('scores of %i classes of one’s own stand under their names', (count) => {
  const classes = ownClasses(count);
  const means = readMeans(['kind 0,kind 4'], classes);
  const scores = scoresFor(count);
  const table = scoreTable({ trained: scores }, classes, means);
  for (const [c, { name }] of classes.entries()) expect(cells(table, name)).toEqual([c.toFixed(1)]);
  expect(cells(table, 'mIoU kind 0,kind 4')).toEqual(['2.0']);
  expect(table).toContain('mIoU kind 0,kind 4: mean over those that occur of kind 0, kind 4');
  const { iou, means: asked } = scoresToJson(scores, classes, means);
  expect(Object.entries(iou)).toEqual(classes.map(({ name }, c) => [name, c]));
  expect(asked).toEqual([{ id: 'kind 0,kind 4', classes: ['kind 0', 'kind 4'], mIoU: 2, classesCounted: 2 }]);
  const step: AblationResult = { seed: 1, stage: 's', rung: 'st', labels: null, validation: scores, test: null };
  expect(cells(classTable([step], classes, means), `kind ${count - 1}`)).toEqual([(count - 1).toFixed(1)]);
});

test('SYNTHIA’s means go by their numbers of classes', () => {
  const means = readMeans(['16', '13'], CITYSCAPES_CLASSES);
  const table = scoreTable({ trained: scoresFor(19) }, CITYSCAPES_CLASSES, means);
  expect([cells(table, 'mIoU 16'), cells(table, 'mIoU 13')]).toEqual([['8.3'], ['9.2']]);
});

test.each([
  ['roda', CITYSCAPES_CLASSES, '"roda"'],
  ['road,', CITYSCAPES_CLASSES, '""'],
  ['16', ownClasses(5), '"road"'],
])('a mean over %s is refused where there is no such class', (text, classes, named) => {
  expect(() => readMeans([text], classes)).toThrow(
    expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(named) }),
  );
});
