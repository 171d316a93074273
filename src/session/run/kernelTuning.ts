// Measured convolution kernels over the life of an adapter: brought back when the device opens, added to while nothing runs.
// What is measured, and how, is engine/ops/conv2d/choice; where it lies is the host's.
import type { DeviceInfo } from '../../domain/device.ts';
import { kernelChoices } from '../../engine/ops/conv2d/choice/choices.ts';
import {
  ConvolutionTuner,
  START_BUDGET_MS,
  type TuningResult,
} from '../../engine/ops/conv2d/choice/convolutionTuner.ts';
import { measureWith } from '../../engine/ops/conv2d/choice/measureConvolution.ts';
import { applyTuningTable, tuningTable } from '../../engine/ops/conv2d/choice/tuningTable.ts';
import type { Precision } from '../../engine/ops/conv2d/choice/variants.ts';
import type { TuningStore } from '../ports.ts';

export class KernelTuning {
  private readonly store: TuningStore;
  private readonly nowMs: () => number;
  private readonly tunerOf: (nowMs: () => number) => ConvolutionTuner;
  private opened: { readonly device: DeviceInfo; readonly tuner: ConvolutionTuner } | null = null;

  constructor(store: TuningStore, nowMs: () => number, tunerOf = tunerOfDevice('f32')) {
    this.store = store;
    this.nowMs = nowMs;
    this.tunerOf = tunerOf;
  }

  /**
   * Once the device is open and before anything is computed. Null, or why what is stored is not used; without a table there
   * is no reason to give. Only WebGPU has kernels to choose from.
   */
  async open(device: DeviceInfo): Promise<string | null> {
    if (device.backend !== 'webgpu') return null;
    const tuner = this.tunerOf(this.nowMs);
    this.opened = { device, tuner };
    const stored = await this.store.load(device.adapter).catch(() => null);
    return stored === null ? null : applyTuningTable(tuner.kernels, stored, device.adapter);
  }

  /** Passes that have been asked for and run by estimate. */
  remaining(): number {
    return this.opened?.tuner.remaining() ?? 0;
  }

  /**
   * Measures for `budgetMs` what has been asked for so far, and keeps what was decided. Between runs only: throws
   * `internal.invariant` while one is open. Null without WebGPU. If `changed` is not 0, whatever was recorded with the kernels of before has to be recorded again.
   */
  async tune(budgetMs: number = START_BUDGET_MS): Promise<TuningResult | null> {
    if (this.opened === null) return null;
    const { tuner, device } = this.opened;
    const result = await tuner.tune(budgetMs);
    // Where nothing can be stored, the next start measures again.
    if (result.tuned > 0)
      await this.store.save(device.adapter, tuningTable(tuner.kernels, device.adapter)).catch(() => undefined);
    return result;
  }

  /** As `tune`, unless the adapter computes on the CPU: there a candidate takes a second to compile, and gains little. */
  async tuneBetweenRuns(): Promise<TuningResult | null> {
    return this.opened?.device.software === false ? this.tune() : null;
  }
}

/** `f16` lets kernels compete that store halves; what they give is less exact. */
export function tunerOfDevice(precision: Precision): (nowMs: () => number) => ConvolutionTuner {
  return (nowMs) => new ConvolutionTuner({ kernels: kernelChoices(), measure: measureWith(nowMs), nowMs, precision });
}
