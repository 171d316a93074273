// Decides after how many steps the loop waits for the GPU. Steps are queued far faster than a slow GPU does them; without
// a bound the queue, its memory and the answer to "pause" would grow by minutes.

export interface PacerOptions {
  readonly nowMs: () => number;
  /** About how much GPU work may be under way between two read-backs. */
  readonly readEveryMs: number;
  readonly readEverySteps: number;
}

export class Pacer {
  private readonly options: PacerOptions;
  private window = 1;
  private done = 0;
  private startedMs: number;

  constructor(options: PacerOptions) {
    this.options = options;
    this.startedMs = options.nowMs();
  }

  /** Counts a queued step. True: read back now, then call `waited`. */
  queued(): boolean {
    this.done += 1;
    return this.done >= this.window;
  }

  /**
   * After a read-back: the time since the last one tells what a step costs. The window at most doubles, so one lucky
   * measurement is no harm.
   */
  waited(): void {
    const { nowMs, readEveryMs, readEverySteps } = this.options;
    const now = nowMs();
    const elapsed = Math.max(now - this.startedMs, 0);
    const stepMs = elapsed / Math.max(this.done, 1);
    const affordable = stepMs === 0 ? readEverySteps : Math.floor(readEveryMs / stepMs);
    this.window = Math.max(1, Math.min(affordable, 2 * this.window, readEverySteps));
    this.done = 0;
    this.startedMs = now;
  }
}
