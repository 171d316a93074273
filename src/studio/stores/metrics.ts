// What the open run measured: append-only typed columns per metric, and its evaluations.
// Charts read the columns in place and look at `revision` to know that something was added.
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type MetricFrame,
  type MetricGroup,
  type MetricKey,
  type MetricSpec,
  type SegmentationScores,
  scoresOf,
  undeclaredMetric,
} from '../../domain/metrics.ts';
import type { Evaluation } from '../../domain/run.ts';
import type { EngineState } from './engine.ts';

/** A growing pair of columns: amortised O(1) append, no copy on read. */
export class Column {
  private stepsStorage = new Float64Array(64);
  private valuesStorage = new Float64Array(64);
  private used = 0;

  get length(): number {
    return this.used;
  }
  /** Views on what is there now; valid until the next append. */
  get steps(): Float64Array {
    return this.stepsStorage.subarray(0, this.used);
  }
  get values(): Float64Array {
    return this.valuesStorage.subarray(0, this.used);
  }

  append(steps: Float64Array, values: Float64Array): void {
    const needed = this.used + steps.length;
    if (needed > this.stepsStorage.length) {
      const capacity = Math.max(needed, this.stepsStorage.length * 2);
      this.stepsStorage = grown(this.stepsStorage, capacity);
      this.valuesStorage = grown(this.valuesStorage, capacity);
    }
    this.stepsStorage.set(steps, this.used);
    this.valuesStorage.set(values, this.used);
    this.used = needed;
  }
}

function grown(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(capacity);
  next.set(column);
  return next;
}

export interface ScoredEvaluation {
  readonly step: number;
  readonly images: number;
  readonly scores: SegmentationScores;
}

export interface MetricsState {
  readonly columns: ReadonlyMap<MetricKey, Column>;
  readonly evaluations: readonly ScoredEvaluation[];
  readonly revision: number;
}

export function createMetricsStore(): StoreApi<MetricsState> {
  return createStore(() => ({ columns: new Map(), evaluations: [], revision: 0 }));
}

export function clearMetrics(metrics: StoreApi<MetricsState>): void {
  metrics.setState(({ revision }) => ({ columns: new Map(), evaluations: [], revision: revision + 1 }));
}

/** Appends in place; only `revision` tells subscribers. */
export function appendMetrics(metrics: StoreApi<MetricsState>, frame: MetricFrame): void {
  const known = metrics.getState().columns;
  const added = Object.keys(frame).some((key) => !known.has(key));
  const columns = added ? new Map(known) : known;
  for (const [key, { steps, values }] of Object.entries(frame)) {
    const column = columns.get(key) ?? new Column();
    column.append(steps, values);
    if (added) (columns as Map<MetricKey, Column>).set(key, column);
  }
  metrics.setState(({ revision }) => ({ columns, revision: revision + 1 }));
}

/** Adds evaluations in step order; one at a step that is known replaces the older one. */
export function addEvaluations(metrics: StoreApi<MetricsState>, evaluations: readonly Evaluation[]): void {
  metrics.setState((state) => {
    const byStep = new Map(state.evaluations.map((evaluation) => [evaluation.step, evaluation]));
    for (const { step, images, confusion } of evaluations) {
      byStep.set(step, { step, images, scores: scoresOf(confusion) });
    }
    const sorted = [...byStep.values()].sort((left, right) => left.step - right.step);
    return { evaluations: sorted, revision: state.revision + 1 };
  });
}

/** What was measured of a group: in the order of declarations, and after it, by key, what nobody declares any more. */
export function measuredOf(
  group: MetricGroup,
  measured: Iterable<MetricKey>,
  { methods, metrics }: Pick<EngineState, 'methods' | 'metrics'>,
): readonly MetricSpec[] {
  const declared = new Map<MetricKey, MetricSpec>();
  for (const spec of [...methods.flatMap((method) => method.metrics), ...metrics]) {
    if (!declared.has(spec.key)) declared.set(spec.key, spec);
  }
  const keys = new Set(measured);
  const known = [...declared.values()].filter(({ key }) => keys.has(key));
  const others = [...keys].filter((key) => !declared.has(key)).sort();
  return [...known, ...others.map(undeclaredMetric)].filter((spec) => spec.group === group);
}
