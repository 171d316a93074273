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
  /** What a step cost in the last window; 0 before the first. */
  private stepMs = 0;

  constructor(options: PacerOptions) {
    this.options = options;
    this.startedMs = options.nowMs();
  }

  /** Counts a queued step. True: read back now, then call `waited`. */
  queued(): boolean {
    this.done += 1;
    return this.done >= this.window;
  }

  /** How long the GPU will still be busy with what is queued, by what steps have cost so far. */
  leftMs(): number {
    return Math.max(0, this.done * this.stepMs - (this.options.nowMs() - this.startedMs));
  }

  /** After a read-back: the time since the last one tells what a step costs. The window at most doubles, so one lucky measurement is no harm. */
  waited(): void {
    const { nowMs, readEveryMs, readEverySteps } = this.options;
    const now = nowMs();
    this.stepMs = Math.max(now - this.startedMs, 0) / Math.max(this.done, 1);
    const affordable = this.stepMs === 0 ? readEverySteps : Math.floor(readEveryMs / this.stepMs);
    this.window = Math.max(1, Math.min(affordable, 2 * this.window, readEverySteps));
    this.done = 0;
    this.startedMs = now;
  }
}
