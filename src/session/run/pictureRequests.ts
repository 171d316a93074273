// Answers the studio's open picture requests with the newest frame, and keeps drawing from taking the GPU from training:
// while training runs, drawing may take about a ninth of the time.
interface Frame {
  readonly step: number;
}
interface Request<F> {
  readonly after: number;
  resolve(frame: F | null): void;
  reject(error: unknown): void;
}

const IDLE_TIMES_COST = 8;
const MIN_INTERVAL_MS = 250;

export class PictureRequests<F extends Frame> {
  private readonly nowMs: () => number;
  private readonly draw: () => Promise<F>;
  private waiting: Request<F>[] = [];
  private drawing = false;
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private costMs = 0;
  private latest: F | null = null;
  /** Moves on when what was drawn before, or is being drawn, must not be shown any more. */
  private era = 0;

  constructor(nowMs: () => number, draw: () => Promise<F>) {
    this.nowMs = nowMs;
    this.draw = draw;
  }

  /** Null if it turns out that there will be none for now. */
  ask(after: number): Promise<F | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ after, resolve, reject });
    });
  }

  /** Draws for whoever waits for a frame of `step`. Unless `urgent`, only if the time budget allows it. Never throws. */
  async serve(step: number, urgent: boolean): Promise<void> {
    const due = this.waiting.some(({ after }) => after < step);
    const rested = this.nowMs() - this.drawnAtMs >= Math.max(MIN_INTERVAL_MS, IDLE_TIMES_COST * this.costMs);
    if (!due || this.drawing || !(urgent || rested)) return;
    this.drawing = true;
    const startedAtMs = this.nowMs();
    try {
      const { era } = this;
      const frame = this.latest?.step === step ? this.latest : await this.draw();
      if (era !== this.era) return;
      this.latest = frame;
      this.answer(frame);
    } catch (error) {
      this.fail(error);
    } finally {
      this.drawing = false;
      this.drawnAtMs = this.nowMs();
      this.costMs = this.drawnAtMs - startedAtMs;
    }
  }

  /** The next frame is drawn anew, whatever its step. */
  forget(): void {
    this.era += 1;
    this.latest = null;
  }

  /** Lets nobody wait any longer. */
  answerWithNone(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { resolve } of waiting) resolve(null);
  }

  /** Refuses everyone who waits. */
  fail(error: unknown): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  private answer(frame: F): void {
    const served = this.waiting.filter(({ after }) => after < frame.step);
    this.waiting = this.waiting.filter(({ after }) => after >= frame.step);
    for (const { resolve } of served) resolve(frame);
  }
}
