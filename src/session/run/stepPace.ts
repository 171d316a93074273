// How fast a run trains. Steps are enqueued ahead of the GPU, so only the time between two read-backs means anything.

/** Weight of the newest window in the smoothed rate. */
const NEWEST = 0.3;

export class StepPace {
  private readonly nowMs: () => number;
  private step = 0;
  private atMs = 0;
  private smoothedStepMs: number | null = null;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Starts a window at `step`: what happened before (a pause, an evaluation) does not count. */
  restart(step: number): void {
    this.step = step;
    this.atMs = this.nowMs();
  }

  /** Ends a window at a read-back after `step`. Milliseconds per step in it, or null if it holds no step. */
  measure(step: number): number | null {
    const steps = step - this.step;
    const stepMs = steps > 0 ? (this.nowMs() - this.atMs) / steps : null;
    this.restart(step);
    if (stepMs === null) return null;
    this.smoothedStepMs = this.smoothedStepMs === null ? stepMs : (1 - NEWEST) * this.smoothedStepMs + NEWEST * stepMs;
    return stepMs;
  }

  get stepsPerSecond(): number | null {
    return this.smoothedStepMs === null || this.smoothedStepMs === 0 ? null : 1000 / this.smoothedStepMs;
  }
}
