// Results as lines of text.
import type { Bar } from './bars.ts';
import type { ColdStart } from './coldStart.ts';
import type { BenchResult } from './runCase.ts';
import type { StepResult } from './stepBench.ts';
import type { Summary } from './summary.ts';

type Columns = readonly (readonly [title: string, width: number])[];

const CASE_COLUMNS: Columns = [
  ['case', 24],
  ['pass', 10],
  ['shape', 34],
  ['ours ms', 9],
  ['stock ms', 10],
  ['ratio', 7],
  ['jax ms', 9],
  ['ratio', 7],
  ['GFLOP/s', 8],
  ['GB/s', 7],
  ['max ms', 7],
  ['+-%', 4],
];
const STEP_COLUMNS: Columns = [
  ['step', 24],
  ['by', 29],
  ['ms', 8],
  ['ratio', 7],
  ['first s', 8],
  ['dispatches', 10],
  ['us each', 8],
  ['peak MB', 8],
  ['max ms', 7],
];

export function caseHeader(): string {
  return row(
    CASE_COLUMNS,
    3,
    CASE_COLUMNS.map(([title]) => title),
  );
}

export function caseRow(result: BenchResult): string {
  const { suite, name, pass, shape, oursMs, stockMs, jaxMs, flops, bytes, dispatches, spread } = result;
  return row(CASE_COLUMNS, 3, [
    `${suite}/${name}`,
    pass,
    shape,
    milliseconds(oursMs),
    milliseconds(stockMs),
    ratio(stockMs / oursMs),
    jaxMs === null ? '-' : milliseconds(jaxMs),
    jaxMs === null ? '-' : ratio(jaxMs / oursMs),
    flops === 0 ? '-' : (flops / oursMs / 1e6).toFixed(2),
    (bytes / oursMs / 1e6).toFixed(2),
    dispatches === null ? '-' : milliseconds(dispatches.longestMs),
    (100 * spread).toFixed(0),
  ]);
}

export function milliseconds(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
}

export function ratio(value: number): string {
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function stepHeader(): string {
  return row(
    STEP_COLUMNS,
    2,
    STEP_COLUMNS.map(([title]) => title),
  );
}

/** Ratios are to the first line. */
export function stepRows({ method, steps }: StepResult): string[] {
  const [first] = steps;
  return steps.map(({ who, ms, firstMs, dispatches, microsecondsPerDispatch, peakBytes, longestDispatch }) =>
    row(STEP_COLUMNS, 2, [
      `step/${method}`,
      who,
      milliseconds(ms),
      ratio(ms / (first?.ms ?? ms)),
      (firstMs / 1000).toFixed(2),
      String(dispatches),
      microsecondsPerDispatch.toFixed(1),
      peakBytes === null ? '-' : (peakBytes / 1e6).toFixed(1),
      longestDispatch === null ? '-' : milliseconds(longestDispatch.longestMs),
    ]),
  );
}

export function coldStartRow({ coldMs, againMs }: ColdStart): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  return `First step of a fresh process: ${seconds(coldMs)} s; ${seconds(againMs)} s with the driver's shaders on disk`;
}

export function summaryRows(summaries: readonly Summary[]): string[] {
  return summaries.map(({ suite, pass, cases, stockMean, stockWorst, stockOverall, jaxMean }) => {
    const stock = `mean ${ratio(stockMean)}, worst ${ratio(stockWorst)}, of all the time ${ratio(stockOverall)}`;
    const jax = jaxMean === null ? '' : `; against jax-js: mean ${ratio(jaxMean)}`;
    return `${suite} ${pass} (${cases}): times faster than TensorFlow.js: ${stock}${jax}`;
  });
}

export function barRow({ name, value, bar, atLeast, passed }: Bar): string {
  return `${passed ? 'PASS' : 'FAIL'} ${name}: ${value.toFixed(2)} (${atLeast ? 'at least' : 'at most'} ${bar})`;
}

/** The first columns begin where the last ends, the others end where their title does. */
function row(columns: Columns, left: number, cells: readonly string[]): string {
  return cells
    .map((cell, i) => {
      const width = columns[i]?.[1] ?? 0;
      return i < left ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ')
    .trimEnd();
}
