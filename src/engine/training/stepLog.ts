// Losses on their way to the charts: they wait on the GPU, step by step, and come back together in one read.
// Keeping every step's value (not a mean over however long the clock took) makes the history a function of the seed.
import { StudioError } from '../../domain/errors.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import { readValues } from '../backend/readback.ts';
import type { Method } from '../methods/core/defineMethod.ts';
import { trainKey } from '../methods/core/metrics.ts';
import { joinBatches } from '../ops/batches/joinBatches.ts';
import type * as tf from '../tf.ts';

interface Row {
  readonly step: number;
  /** [losses], in the order of `reports.step`. */
  readonly values: tf.Tensor1D;
  /** In the order of `reports.plan`. */
  readonly planned: readonly number[];
}

/** How many steps an error about diverging losses quotes. */
const QUOTED_STEPS = 50;

export class StepLog {
  private rows: Row[] = [];
  private readonly losses: readonly string[];
  private readonly planned: readonly string[];
  /** Totals per step, for the report of a run that diverged. */
  private recent: { readonly step: number; readonly text: string }[] = [];

  constructor({ step, plan }: Method['reports']) {
    this.losses = step;
    this.planned = plan;
  }

  /** Takes over `values`. */
  add(step: number, values: tf.Tensor1D, planned: readonly number[]): void {
    this.rows.push({ step, values, planned });
  }

  get pending(): number {
    return this.rows.length;
  }

  /** Everything since the last read, per metric; null if there is nothing. Throws `train.diverged` for a loss that is not finite. */
  async read(): Promise<MetricFrame | null> {
    const rows = this.rows;
    this.rows = [];
    if (rows.length === 0) return null;
    const stacked = joinBatches(rows.map(({ values }) => values));
    for (const { values } of rows) values.dispose();
    const values = await readValues(stacked);
    stacked.dispose();
    this.refuseDivergence(rows, values);
    const steps = rows.map(({ step }) => step);
    const series = (of: (row: Row, index: number) => number) => ({
      steps: Float64Array.from(steps),
      values: Float64Array.from(rows, of),
    });
    const width = this.losses.length;
    return Object.fromEntries([
      ...this.losses.map((name, l) => [trainKey(name), series((_, r) => values[r * width + l] ?? Number.NaN)] as const),
      ...this.planned.map((name, i) => [trainKey(name), series((row) => row.planned[i] ?? Number.NaN)] as const),
    ]);
  }

  dispose(): void {
    for (const { values } of this.rows) values.dispose();
    this.rows = [];
  }

  private refuseDivergence(rows: readonly Row[], values: ArrayLike<number>): void {
    const width = this.losses.length;
    for (const [r, { step }] of rows.entries()) {
      const row = Array.from({ length: width }, (_, l) => values[r * width + l] ?? Number.NaN);
      this.recent = [
        ...this.recent.slice(1 - QUOTED_STEPS),
        { step, text: row.map((x) => x.toPrecision(5)).join('/') },
      ];
      if (row.every(Number.isFinite)) continue;
      const name = this.losses[row.findIndex((x) => !Number.isFinite(x))] ?? '';
      throw new StudioError(
        'train.diverged',
        `Training diverged: ${name} became ${row[this.losses.indexOf(name)]} at step ${step}.`,
        'Continue from the last checkpoint with a lower learning rate, or start again with another seed.',
        { step, loss: name, lastLosses: this.recent.map(({ text }) => text).join(' ') },
      );
    }
  }
}
