// Decides after how many steps the loop waits for the GPU. Steps are queued far faster than a slow GPU does them; without
// a bound the queue, its memory and the answer to "pause" would grow by minutes.

export interface PacerOptions {
  readonly nowMs: () => number;
  /** About how much GPU work may be under way between two read-backs. */
  readonly readEveryMs: number;
  readonly readEverySteps: number;
}

/** Of the time that the queue is expected to take, the host may sleep so much. */
const RESTED_SHARE = 0.9;
/** No longer at once: a machine that was suspended in the middle of a step would sleep as long again. */
const MAX_REST_MS = 5000;
/** A read-back after a rest that takes less of the window than this has found the GPU done: nobody knows for how long. */
const FOUND_DONE_SHARE = 0.05;

export class Pacer {
  private readonly options: PacerOptions;
  private window = 1;
  private done = 0;
  private startedMs: number;
  /** No window has ended: its step compiles, which says nothing about the next. */
  private isFirst = true;
  /** What a step is taken to cost; 0 where nothing is known. */
  private stepMs = 0;
  /** When the last rest in this window ended. */
  private restedAtMs: number | null = null;

  constructor(options: PacerOptions) {
    this.options = options;
    this.startedMs = options.nowMs();
  }

  /** Counts a queued step. True: read back now, then call `waited`. */
  queued(): boolean {
    this.done += 1;
    return this.done >= this.window;
  }

  /** How long the host may sleep: most of the time that the GPU needs for what is queued, by what steps have cost so far. */
  restMs(): number {
    const leftMs = this.done * this.stepMs - (this.options.nowMs() - this.startedMs);
    return Math.min(MAX_REST_MS, Math.max(0, RESTED_SHARE * leftMs));
  }

  /** After the host has slept instead of waiting for the GPU. */
  rested(): void {
    this.restedAtMs = this.options.nowMs();
  }

  /**
   * After a read-back: the time since the last one tells what a step costs. Where the host has slept through the GPU's work it
   * tells of the sleep only, and nothing is known: believed, one slow step would make all that follow slow. The window at
   * most doubles, so one lucky measurement is no harm.
   */
  waited(): void {
    const { nowMs, readEveryMs, readEverySteps } = this.options;
    const now = nowMs();
    const elapsed = Math.max(now - this.startedMs, 0);
    const stepMs = elapsed / Math.max(this.done, 1);
    const foundDone = this.restedAtMs !== null && now - this.restedAtMs < FOUND_DONE_SHARE * elapsed;
    this.stepMs = foundDone || this.isFirst ? 0 : stepMs;
    this.isFirst = false;
    this.restedAtMs = null;
    const affordable = stepMs === 0 ? readEverySteps : Math.floor(readEveryMs / stepMs);
    this.window = Math.max(1, Math.min(affordable, 2 * this.window, readEverySteps));
    this.done = 0;
    this.startedMs = now;
  }
}
