// Chooses convolution kernels by measurement: the passes that a network has asked for, the most expensive first, within a
// budget of time; what does not fit waits for the next call. Timing itself is injected (measureConvolution.ts on the GPU).
import { type ConvShape, flopsOf, keyOf } from '../kernels/shape.ts';
import { candidates } from './candidates.ts';
import type { KernelChoices } from './choices.ts';
import { type ConvVariant, type Precision, variantId } from './variants.ts';

/** Milliseconds of one pass with `variant`; rejects, or is not finite, where the adapter cannot run it. */
export type MeasureVariant = (shape: ConvShape, variant: ConvVariant) => Promise<number>;

export interface TunerParts {
  readonly kernels: KernelChoices;
  readonly measure: MeasureVariant;
  /** The host's clock. It ends the work; with an exhausted budget everything stays as estimated. */
  readonly nowMs: () => number;
  /**
   * f32 unless said. With f16 kernels that round what they multiply to f16 are timed, too: another result, not only another
   * order of the same sum. Calls of `tune` reject with `config.unmet-need` on adapters that cannot.
   */
  readonly precision?: Precision;
}

export interface TuningResult {
  /** Passes decided by this call. */
  readonly tuned: number;
  /** Of these, passes whose kernel is another one now: whatever was recorded with the old ones must be recorded again. */
  readonly changed: number;
  /** Passes that still run by estimate. */
  readonly remaining: number;
}

/** At start, so that the first step comes soon. */
export const START_BUDGET_MS = 2000;
/** As many candidates of a pass are timed at most: the estimate's best. */
const CANDIDATES = 5;
/** Where a candidate wins by less than this share, the estimate stands: clocks are noisy, and choices should be stable. */
const MARGIN = 0.05;

export class ConvolutionTuner {
  private readonly parts: TunerParts;
  /** Timings of passes that are not decided yet, by key and id: a budget may end between two candidates. */
  private readonly timings = new Map<string, Map<string, number>>();

  constructor(parts: TunerParts) {
    this.parts = parts;
  }

  /** What it decides about. */
  get kernels(): KernelChoices {
    return this.parts.kernels;
  }

  /** How many passes have been asked for and still run by estimate. */
  remaining(): number {
    return this.undecided().length;
  }

  /**
   * Measures until all asked-for passes are decided or `budgetMs` are over; at least one candidate a call. Between runs only:
   * throws `internal.invariant` while one is open.
   */
  async tune(budgetMs: number = START_BUDGET_MS): Promise<TuningResult> {
    const { kernels, nowMs } = this.parts;
    kernels.expectNoRun();
    const endMs = nowMs() + budgetMs;
    let [tuned, changed] = [0, 0];
    for (const shape of this.undecided().sort((a, b) => flopsOf(b) - flopsOf(a))) {
      const best = await this.decide(shape, endMs);
      if (best === null) break;
      const [estimated] = candidates(shape, kernels.traits);
      tuned += 1;
      if (estimated === undefined || variantId(estimated) !== variantId(best)) changed += 1;
      kernels.adopt(shape, best);
    }
    return { tuned, changed, remaining: this.remaining() };
  }

  private undecided(): ConvShape[] {
    return this.kernels.asked().flatMap(({ shape, measured }) => (measured ? [] : [shape]));
  }

  /** The fastest candidate; null if time ran out before all were timed. */
  private async decide(shape: ConvShape, endMs: number): Promise<ConvVariant | null> {
    const key = keyOf(shape);
    const list = shortlist(candidates(shape, this.parts.kernels.traits, this.parts.precision));
    const times = this.timings.get(key) ?? new Map<string, number>();
    this.timings.set(key, times);
    for (const variant of list) {
      const id = variantId(variant);
      if (times.has(id)) continue;
      times.set(id, await this.time(shape, variant));
      if (this.parts.nowMs() >= endMs && times.size < list.length) return null;
    }
    this.timings.delete(key);
    const timeOf = (variant: ConvVariant): number => times.get(variantId(variant)) ?? Number.POSITIVE_INFINITY;
    const [estimated, ...others] = list;
    if (estimated === undefined) return null;
    return others.reduce(
      (best, variant) => (timeOf(variant) < timeOf(best) * (best === estimated ? 1 - MARGIN : 1) ? variant : best),
      estimated,
    );
  }

  /** A candidate that cannot run has lost; that is no failure of the tuner. */
  private async time(shape: ConvShape, variant: ConvVariant): Promise<number> {
    try {
      const ms = await this.parts.measure(shape, variant);
      return Number.isFinite(ms) ? ms : Number.POSITIVE_INFINITY;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }
}

/** The best of the list, with at least the best two of every kind that is in it. */
function shortlist(list: readonly ConvVariant[]): ConvVariant[] {
  const rank = (variant: ConvVariant): number =>
    list.filter((other) => kindOf(other) === kindOf(variant)).indexOf(variant);
  const must = list.filter((variant) => rank(variant) < 2);
  const more = list.filter((variant) => rank(variant) >= 2);
  const picked = new Set([...must, ...more.slice(0, Math.max(0, CANDIDATES - must.length))]);
  return list.filter((variant) => picked.has(variant));
}

/** With its precision, where a kernel has one. */
function kindOf(variant: ConvVariant): string {
  return 'precision' in variant ? `${variant.kind} ${variant.precision}` : variant.kind;
}
