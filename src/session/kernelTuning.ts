// Measured convolution kernels over the life of an adapter: brought back when the device opens, added to while nothing runs.
// What is measured, and how, is engine/ops/tuning; where it lies is the host's.
import type { DeviceInfo } from '../domain/run.ts';
import { traitsOfAdapter } from '../engine/ops/conv2d/kernels/run.ts';
import { ConvolutionTuner, START_BUDGET_MS, type TuningResult } from '../engine/ops/tuning/convolutionTuner.ts';
import { measureWith } from '../engine/ops/tuning/measureConvolution.ts';
import { applyTuningTable, tuningTable } from '../engine/ops/tuning/tuningTable.ts';
import type { TuningStore } from './ports.ts';

export class KernelTuning {
  private readonly store: TuningStore;
  private readonly nowMs: () => number;
  private readonly tunerOf: (nowMs: () => number) => ConvolutionTuner;
  private opened: { readonly adapter: string; readonly tuner: ConvolutionTuner } | null = null;

  constructor(store: TuningStore, nowMs: () => number, tunerOf = tunerOfDevice) {
    this.store = store;
    this.nowMs = nowMs;
    this.tunerOf = tunerOf;
  }

  /**
   * Once the device is open and before anything is computed. Null, or why what is stored is not used; without a table there
   * is no reason to give. Only WebGPU has kernels to choose from.
   */
  async open({ backend, adapter }: DeviceInfo): Promise<string | null> {
    if (backend !== 'webgpu') return null;
    this.opened = { adapter, tuner: this.tunerOf(this.nowMs) };
    const stored = await this.store.load(adapter).catch(() => null);
    return stored === null ? null : applyTuningTable(stored, adapter);
  }

  /** Passes that have been asked for and run by estimate. */
  remaining(): number {
    return this.opened?.tuner.remaining() ?? 0;
  }

  /**
   * Measures for `budgetMs` what has been asked for so far, and keeps what was decided. Between runs only. Null without
   * WebGPU. If `changed` is not 0, whatever was recorded with the kernels of before has to be recorded again.
   */
  async tune(budgetMs: number = START_BUDGET_MS): Promise<TuningResult | null> {
    if (this.opened === null) return null;
    const { adapter, tuner } = this.opened;
    const result = await tuner.tune(budgetMs);
    // Where nothing can be stored, the next start measures again.
    if (result.tuned > 0) await this.store.save(adapter, tuningTable(adapter)).catch(() => undefined);
    return result;
  }
}

function tunerOfDevice(nowMs: () => number): ConvolutionTuner {
  return new ConvolutionTuner({ traits: traitsOfAdapter(), measure: measureWith(nowMs), nowMs });
}
