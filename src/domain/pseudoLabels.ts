// What a teacher's labels of a pool of images amount to: how sure they are, how many a threshold keeps, of which classes.
// Everything counts confidences in 256 levels, as they are stored, so that stored labels can be filtered again, exactly.
import { IGNORE } from './classes.ts';

export const CONFIDENCE_LEVELS = 256;

/** Counts over a pool, or a part of it: before any threshold. */
export interface ConfidenceSurvey {
  readonly images: number;
  readonly pixels: number;
  /** Pixels by decided class and confidence level: [class * 256 + level]. */
  readonly levels: Float64Array;
  /** Sum over pixels of the share of views that decide for the pixel's class. */
  readonly agreement: number;
}

export function emptySurvey(classes: number): ConfidenceSurvey {
  return { images: 0, pixels: 0, levels: new Float64Array(classes * CONFIDENCE_LEVELS), agreement: 0 };
}

export function mergeSurveys(a: ConfidenceSurvey, b: ConfidenceSurvey): ConfidenceSurvey {
  return {
    images: a.images + b.images,
    pixels: a.pixels + b.pixels,
    levels: a.levels.map((count, i) => count + (b.levels[i] ?? 0)),
    agreement: a.agreement + b.agreement,
  };
}

/** A probability as the nearest of 256 levels. */
export function confidenceLevel(confidence: number): number {
  return Math.floor(confidence * (CONFIDENCE_LEVELS - 1) + 0.5);
}

export const THRESHOLD_RULES = ['global', 'class-wise'] as const;
export type ThresholdRule = (typeof THRESHOLD_RULES)[number];

/**
 * The level from which each class of the survey is kept. `class-wise`: at most the median of the class over the pool, so that
 * half of every class stays (CBST, Zou et al. 2018).
 */
export function thresholdLevels(rule: ThresholdRule, threshold: number, survey: ConfidenceSurvey): Uint8Array {
  const global = confidenceLevel(threshold);
  const lowest = (levels: Float64Array): number => (rule === 'global' ? global : Math.min(global, medianLevel(levels)));
  return Uint8Array.from(levelsPerClass(survey), lowest);
}

/** The lowest level up to which at least half of the pixels lie; the highest there is for no pixels. */
function medianLevel(levels: Float64Array): number {
  const half = sum(levels) / 2;
  if (half === 0) return CONFIDENCE_LEVELS - 1;
  let below = 0;
  return levels.findIndex((count) => {
    below += count;
    return below >= half;
  });
}

/** The labels that reach their class's level, 255 elsewhere. */
export function keepConfident(classes: Uint8Array, confidence: Uint8Array, levels: Uint8Array): Uint8Array {
  return classes.map((c, i) => ((confidence[i] ?? 0) >= (levels[c] ?? CONFIDENCE_LEVELS) ? c : IGNORE));
}

export interface PseudoLabelStatistics {
  /** Kept pixels of all, 0..1. */
  readonly coverage: number;
  /** Mean confidence of all pixels, kept or not. */
  readonly meanConfidence: number;
  /** Mean share of the views that decide as the label does. */
  readonly agreement: number;
  /** Per class: its share of the kept pixels, and how many of the pixels that were decided so are kept (null: none was). */
  readonly classes: readonly { readonly share: number; readonly coverage: number | null }[];
}

/** What `thresholds` (levels per class) leave of the pool. */
export function statisticsOf(survey: ConfidenceSurvey, thresholds: Uint8Array): PseudoLabelStatistics {
  const { pixels, agreement } = survey;
  const decided = levelsPerClass(survey);
  const kept = decided.map((levels, c) => sum(levels.subarray(thresholds[c] ?? CONFIDENCE_LEVELS)));
  const all = sum(kept);
  const perPixel = (total: number): number => (pixels === 0 ? 0 : total / pixels);
  const confidence = survey.levels.reduce((total, count, i) => total + count * (i % CONFIDENCE_LEVELS), 0);
  return {
    coverage: perPixel(all),
    meanConfidence: perPixel(confidence) / (CONFIDENCE_LEVELS - 1),
    agreement: perPixel(agreement),
    classes: kept.map((count, c) => {
      const total = sum(decided[c] ?? []);
      return { share: all === 0 ? 0 : count / all, coverage: total === 0 ? null : count / total };
    }),
  };
}

/** The coverage that each of the 256 levels would give as a global threshold: what a slider shows. */
export function coverageCurve({ levels, pixels }: ConfidenceSurvey): Float64Array {
  const curve = new Float64Array(CONFIDENCE_LEVELS);
  let kept = 0;
  for (let level = CONFIDENCE_LEVELS - 1; level >= 0; level--) {
    for (let at = level; at < levels.length; at += CONFIDENCE_LEVELS) kept += levels[at] ?? 0;
    curve[level] = pixels === 0 ? 0 : kept / pixels;
  }
  return curve;
}

function levelsPerClass({ levels }: ConfidenceSurvey): Float64Array[] {
  const classes = levels.length / CONFIDENCE_LEVELS;
  return Array.from({ length: classes }, (_, c) => levels.subarray(c * CONFIDENCE_LEVELS, (c + 1) * CONFIDENCE_LEVELS));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] ?? 0;
  return total;
}
