// How fast an import goes: time spent, time left, and when the next progress is due. Rest between pauses not counted.

/** A bar that moves twice a second is alive; more often, drawing it takes a core's time from decoding. */
const REPORT_EVERY_MS = 500;
/** Before this, a rate says nothing. */
const SETTLE_MS = 500;

export class ImportPace {
  private readonly nowMs: () => number;
  private spentMs = 0;
  private startedAtMs: number | null = null;
  private firstPair = 0;
  private reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** A stretch of work begins at this pair. */
  start(pair: number): void {
    this.startedAtMs = this.nowMs();
    this.firstPair = pair;
  }

  stop(): void {
    this.spentMs = this.elapsedMs();
    this.startedAtMs = null;
  }

  /** Time worked, and time left at the pace of this stretch; counts as a report. */
  report(pairsDone: number, pairsTotal: number): { readonly elapsedMs: number; readonly leftMs: number | null } {
    this.reportedAtMs = this.nowMs();
    const stretchMs = this.startedAtMs === null ? 0 : this.nowMs() - this.startedAtMs;
    const done = pairsDone - this.firstPair;
    const left = pairsTotal - pairsDone;
    const isKnown = left === 0 || (stretchMs >= SETTLE_MS && done > 0);
    return {
      elapsedMs: this.elapsedMs(),
      leftMs: isKnown ? left * (stretchMs / Math.max(1, done)) : null,
    };
  }

  isDue(): boolean {
    return this.nowMs() - this.reportedAtMs >= REPORT_EVERY_MS;
  }

  private elapsedMs(): number {
    return this.spentMs + (this.startedAtMs === null ? 0 : this.nowMs() - this.startedAtMs);
  }
}
