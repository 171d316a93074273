// Many cases in a few numbers: for every suite and pass, how many times faster ours is.
import type { BenchResult } from './runCase.ts';
import { geometricMean } from './statistics.ts';

export interface Summary {
  readonly suite: string;
  readonly pass: string;
  readonly cases: number;
  /** Stock over ours: every case counts the same. */
  readonly stockMean: number;
  readonly stockWorst: number;
  /** Stock over ours of all the time together, each case as often as its network has it. */
  readonly stockOverall: number;
  /** jax-js over ours, of the cases that it ran; null if it ran none. */
  readonly jaxMean: number | null;
}

export function summariesOf(results: readonly BenchResult[]): Summary[] {
  const groups = new Map<string, BenchResult[]>();
  for (const result of results) {
    const key = `${result.suite} ${result.pass}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].flatMap((group): Summary[] => {
    const [first] = group;
    if (first === undefined) return [];
    const ratios = group.map(({ stockMs, oursMs }) => stockMs / oursMs);
    const jaxRatios = group.flatMap(({ jaxMs, oursMs }) => (jaxMs === null ? [] : [jaxMs / oursMs]));
    const total = (of: (result: BenchResult) => number): number =>
      group.reduce((sum, result) => sum + of(result) * result.count, 0);
    return [
      {
        ...{ suite: first.suite, pass: first.pass, cases: group.length },
        stockMean: geometricMean(ratios),
        stockWorst: Math.min(...ratios),
        stockOverall: total(({ stockMs }) => stockMs) / total(({ oursMs }) => oursMs),
        jaxMean: jaxRatios.length === 0 ? null : geometricMean(jaxRatios),
      },
    ];
  });
}
