// Measured convolution kernels over the life of an adapter: brought back when the device opens, added to while nothing runs.
// What is measured, and how, is engine/ops/tuning; where it lies is the host's.
import { type ConvolutionTuner, START_BUDGET_MS, type TuningResult } from '../engine/ops/tuning/convolutionTuner.ts';
import { applyTuningTable, tuningTable } from '../engine/ops/tuning/tuningTable.ts';
import type { TuningStore } from './ports.ts';

export interface KernelTuningParts {
  readonly store: TuningStore;
  /** `DeviceInfo.adapter`: tables of another adapter do not count. */
  readonly adapter: string;
  readonly tuner: ConvolutionTuner;
}

export class KernelTuning {
  private readonly parts: KernelTuningParts;

  constructor(parts: KernelTuningParts) {
    this.parts = parts;
  }

  /** Before anything is computed. Null, or why what is stored is not used; without a table there is no reason to give. */
  async restore(): Promise<string | null> {
    const { store, adapter } = this.parts;
    const stored = await store.load(adapter).catch(() => null);
    return stored === null ? null : applyTuningTable(stored, adapter);
  }

  /** Passes that have been asked for and run by estimate. */
  remaining(): number {
    return this.parts.tuner.remaining();
  }

  /**
   * Measures for `budgetMs` and keeps what was decided. Between runs only. If `changed` is not 0, whatever was recorded
   * with the kernels of before has to be recorded again.
   */
  async tune(budgetMs: number = START_BUDGET_MS): Promise<TuningResult> {
    const { store, adapter, tuner } = this.parts;
    const result = await tuner.tune(budgetMs);
    // Where nothing can be stored, the next start measures again.
    if (result.tuned > 0) await store.save(adapter, tuningTable(adapter)).catch(() => undefined);
    return result;
  }
}
