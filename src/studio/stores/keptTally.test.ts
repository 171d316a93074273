// Per-class coverage and precision, by hand: what was decided, what was kept, what of that is right.
import { expect, test } from 'vitest';
import type { ViewRole } from '../../domain/method.ts';
import type { StepView } from '../../domain/pictures.ts';
import {
  coveragePerClass,
  EMPTY_TALLY,
  mergeTallies,
  rightPerClass,
  tallyOfViews,
  withDecisions,
} from './keptTally.ts';

const first = withDecisions(EMPTY_TALLY, {
  images: 1,
  decided: Uint8Array.of(0, 0, 0, 0, 3, 3),
  labels: Uint8Array.of(0, 255, 255, 0, 255, 255),
  truth: Uint8Array.of(0, 0, 1, 1, 3, 255),
});

test('coverage is of what was decided, precision of what was kept and has a truth', () => {
  expect(coveragePerClass(first).slice(0, 4)).toEqual([50, null, null, 0]);
  expect(rightPerClass(first).slice(0, 4)).toEqual([50, null, null, null]);
});

test('tallies add up, and pictures without truth evaluate nothing', () => {
  const blind = withDecisions(EMPTY_TALLY, {
    images: 2,
    decided: Uint8Array.of(0, 3),
    labels: Uint8Array.of(0, 3),
    truth: null,
  });
  const both = mergeTallies([first, blind]);
  expect(both.images).toBe(3);
  expect(coveragePerClass(both)[0]).toBe(60);
  expect(coveragePerClass(both)[3]).toBeCloseTo(100 / 3, 12);
  expect(rightPerClass(both)[3]).toBeNull();
});

test('a step tells by the roles of its views, whatever their names', () => {
  const view = (role: ViewRole | null, ...values: number[]): StepView => ({
    ...{ name: `some ${role}`, label: '', kind: 'label', count: 1 },
    ...(role === null ? {} : { role }),
    size: { width: values.length, height: 1 },
    values: Uint8Array.from(values),
  });
  const frame = (...views: StepView[]) => ({ step: 1, stage: 's', views });
  const evaluated = tallyOfViews(frame(view('decision', 2, 2), view('kept', 255, 2), view('truth', 1, 2)));
  expect(evaluated && [coveragePerClass(evaluated)[2], rightPerClass(evaluated)[2]]).toEqual([50, 100]);
  const blind = tallyOfViews(frame(view('kept', 2, 255), view(null, 1), view('decision', 2, 4)));
  expect(blind && [coveragePerClass(blind)[4], rightPerClass(blind)[2]]).toEqual([0, null]);
  expect(tallyOfViews(frame(view(null, 1), view('kept', 1)))).toBeNull();
});
