// What the numbers are held against. A bar judges a measurement; it never changes one.
import { geometricMean } from './statistics.ts';

export interface BarInput {
  /** Of the method with source and target. */
  readonly steps: readonly { readonly who: string; readonly ms: number; readonly microsecondsPerDispatch?: number }[];
  /** Stock over ours, of every filter gradient. */
  readonly filterGradientRatios: readonly number[];
  /** From the start of the process to the end of its first step; null where it was not measured. */
  readonly coldStartMs: number | null;
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly bar: number;
  readonly atLeast: boolean;
  readonly passed: boolean;
}

/** The bars that there are measurements for. */
export function barsOf({ steps, filterGradientRatios, coldStartMs }: BarInput): Bar[] {
  const ours = steps.find(({ who }) => who === 'ours, compiled');
  const fastest = (prefix: string): number =>
    Math.min(...steps.filter(({ who }) => who.startsWith(prefix)).map(({ ms }) => ms));
  const bars: (Bar | null)[] = [
    bar('whole step against TensorFlow.js, times', ours && fastest('TensorFlow.js') / ours.ms, 8, true),
    bar('whole step against jax-js, times', ours && fastest('jax-js') / ours.ms, 1.5, true),
    bar('compiled step, host microseconds a dispatch', ours?.microsecondsPerDispatch, 8, false),
    bar('filter gradient against TensorFlow.js, geometric mean', geometricMean(filterGradientRatios), 8, true),
    bar('filter gradient against TensorFlow.js, worst', Math.min(...filterGradientRatios), 8, true),
    bar('first step after a cold start, seconds', coldStartMs === null ? undefined : coldStartMs / 1000, 10, false),
  ];
  return bars.filter((entry) => entry !== null);
}

function bar(name: string, value: number | undefined, limit: number, atLeast: boolean): Bar | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return { name, value, bar: limit, atLeast, passed: atLeast ? value >= limit : value <= limit };
}
