import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divergences, type RoundOutcome, stopsPaying } from './divergence.ts';
import { emptyQuality, precision, precisionPerClass, withPicture } from './pseudoLabelQuality.ts';
import {
  CONFIDENCE_LEVELS,
  type ConfidenceSurvey,
  confidenceLevel,
  coverageCurve,
  emptySurvey,
  keepConfident,
  mergeSurveys,
  type PseudoLabelStatistics,
  statisticsOf,
  thresholdLevels,
} from './pseudoLabels.ts';

/** A survey of pixels given as [class, level]. */
function surveyOf(pixels: readonly (readonly [number, number])[], agreement = pixels.length): ConfidenceSurvey {
  const survey = emptySurvey(19);
  for (const [c, level] of pixels) survey.levels[c * CONFIDENCE_LEVELS + level]! += 1;
  return { ...survey, images: 1, pixels: pixels.length, agreement };
}

const pixels: readonly (readonly [number, number])[] = [
  [0, 250],
  [0, 240],
  [0, 200],
  [3, 100],
  [3, 90],
  [3, 80],
  [3, 70],
  [18, 255],
];

describe('thresholds', () => {
  it('are one level for all classes, or at most the class median', () => {
    expect(confidenceLevel(0.9)).toBe(230);
    expect([...thresholdLevels('global', 0.9, emptySurvey(19))]).toEqual(new Array(19).fill(230));
    const levels = thresholdLevels('class-wise', 0.9, surveyOf(pixels));
    expect(levels[0]).toBe(230); // the median of 250, 240, 200 lies above
    expect(levels[3]).toBe(80); // half of the four lie at or below 80
    expect(levels[18]).toBe(230);
    expect(levels[7]).toBe(230); // never decided
  });

  it('keep what reaches them', () => {
    const classes = Uint8Array.of(0, 0, 3, 3);
    const levels = thresholdLevels('class-wise', 0.9, surveyOf(pixels));
    expect([...keepConfident(classes, Uint8Array.of(230, 229, 80, 79), levels)]).toEqual([0, 255, 3, 255]);
  });
});

describe('statistics', () => {
  it('count what is kept, by hand', () => {
    const { coverage, meanConfidence, agreement, classes } = statisticsOf(
      surveyOf(pixels, 6),
      thresholdLevels('global', 0.9, emptySurvey(19)),
    );
    expect(coverage).toBe(3 / 8);
    expect(meanConfidence).toBeCloseTo((250 + 240 + 200 + 100 + 90 + 80 + 70 + 255) / 8 / 255, 12);
    expect(agreement).toBe(6 / 8);
    expect(classes[0]).toEqual({ share: 2 / 3, coverage: 2 / 3 });
    expect(classes[3]).toEqual({ share: 0, coverage: 0 });
    expect(classes[7]).toEqual({ share: 0, coverage: null });
  });

  it('of parts are those of the whole', () => {
    const [first, second] = [surveyOf(pixels.slice(0, 3)), surveyOf(pixels.slice(3))];
    expect(mergeSurveys(first, second)).toEqual({ ...surveyOf(pixels), images: 2 });
    expect(statisticsOf(emptySurvey(19), thresholdLevels('global', 0.5, emptySurvey(19))).coverage).toBe(0);
  });

  it('cover no more the higher the threshold, and the curve says how much', () => {
    const pixel = fc.tuple(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 1, maxLength: 40 }), (some) => {
        const survey = surveyOf(some);
        const curve = [...coverageCurve(survey)];
        expect(curve).toEqual([...curve].sort((a, b) => b - a));
        expect(curve[0]).toBe(1);
        for (const level of [1, 100, 255]) {
          expect(statisticsOf(survey, new Uint8Array(19).fill(level)).coverage).toBeCloseTo(curve[level]!, 12);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('quality', () => {
  it('evaluates kept pixels with a truth, and only those', () => {
    const labels = Uint8Array.of(1, 1, 1, 255, 2, 2);
    const truth = Uint8Array.of(1, 1, 4, 1, 255, 2);
    const quality = withPicture(emptyQuality(19), labels, truth);
    expect(precisionPerClass(quality)[1]).toBeCloseTo(2 / 3, 12);
    expect(precisionPerClass(quality)[2]).toBe(1);
    expect(precisionPerClass(quality)[4]).toBeNull();
    expect(precision(quality)).toBe(3 / 4);
    expect(precision(emptyQuality(19))).toBeNull();
  });
});

describe('guards', () => {
  const round = (
    shares: readonly number[],
    rest: Partial<Omit<PseudoLabelStatistics, 'classes'>> = {},
  ): PseudoLabelStatistics => ({
    coverage: 0.5,
    meanConfidence: 0.8,
    agreement: 0.9,
    ...rest,
    classes: Array.from({ length: 19 }, (_, c) => ({ share: shares[c] ?? 0, coverage: null })),
  });

  it('let a steady round pass', () => {
    expect(divergences(round([0.8, 0.2]), round([0.95, 0.05]))).toEqual([]);
    expect(divergences(round([0.75, 0.25]), round([0.95, 0.05]))).toEqual([]); // 20 % exactly
  });

  it('see a class collapse below a fifth of its share, or vanish; not one that never was', () => {
    expect(divergences(round([0.8, 0.2]), round([0.97, 0.03]))).toEqual([
      { kind: 'class-collapse', class: 1, before: 0.2, after: 0.03 },
    ]);
    expect(divergences(round([0.9, 0, 0.1]), round([1]))).toEqual([
      { kind: 'class-collapse', class: 2, before: 0.1, after: 0 },
    ]);
  });

  it('see confidence without agreement', () => {
    const sure = { coverage: 0.99 };
    expect(divergences(round([1]), round([1], { ...sure, agreement: 0.85 }))).toEqual([
      { kind: 'over-confident', coverage: 0.99, before: 0.9, after: 0.85 },
    ]);
    expect(divergences(round([1]), round([1], { ...sure, agreement: 0.95 }))).toEqual([]);
    expect(divergences(round([1]), round([1], { coverage: 0.98, agreement: 0.85 }))).toEqual([]);
  });

  it('stop where surer labels predict held-out images no better, never without such images', () => {
    const outcome = (heldOutMIoU: number | null, rest = {}): RoundOutcome => ({
      statistics: round([1], rest),
      heldOutMIoU,
    });
    const surer = { meanConfidence: 0.85 };
    expect(stopsPaying(outcome(40), outcome(40, surer))).toBe(true);
    expect(stopsPaying(outcome(40), outcome(39, { coverage: 0.6 }))).toBe(true);
    expect(stopsPaying(outcome(40), outcome(41, surer))).toBe(false);
    expect(stopsPaying(outcome(40), outcome(39))).toBe(false);
    expect(stopsPaying(outcome(null), outcome(null, surer))).toBe(false);
  });
});
