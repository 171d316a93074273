// Answers the studio's open picture requests of one kind with the newest frame, and keeps drawing from taking the GPU from
// training: while training runs, drawing may take about a ninth of the time.
import type { PictureFrame } from '../../bridge/pictures/pictureKind.ts';

interface Request {
  readonly after: number;
  /** What is asked, as text: equal asks are answered by one frame. */
  readonly key: string;
  readonly ask: unknown;
  resolve(frame: PictureFrame | null): void;
  reject(error: unknown): void;
}

const IDLE_TIMES_COST = 8;
const MIN_INTERVAL_MS = 250;

export class PictureRequests {
  private readonly nowMs: () => number;
  private readonly draw: (ask: unknown) => Promise<PictureFrame>;
  private waiting: Request[] = [];
  private drawing = false;
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  private costMs = 0;
  private latest: { readonly step: number; readonly key: string; readonly frame: PictureFrame } | null = null;
  /** Moves on when what was drawn before, or is being drawn, must not be shown any more. */
  private era = 0;

  constructor(nowMs: () => number, draw: (ask: unknown) => Promise<PictureFrame>) {
    this.nowMs = nowMs;
    this.draw = draw;
  }

  /** Null if it turns out that there will be none for now. */
  ask(after: number, ask: unknown): Promise<PictureFrame | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ after, key: JSON.stringify(ask), ask, resolve, reject });
    });
  }

  /** Draws for whoever waits for a frame of `step`. Unless `urgent`, only if the time budget allows it. Never throws. */
  async serve(step: number, urgent: boolean): Promise<void> {
    const rested = this.nowMs() - this.drawnAtMs >= Math.max(MIN_INTERVAL_MS, IDLE_TIMES_COST * this.costMs);
    if (this.due(step) === undefined || this.drawing || !(urgent || rested)) return;
    this.drawing = true;
    const startedAtMs = this.nowMs();
    try {
      const { era } = this;
      for (let due = this.due(step); due !== undefined; due = this.due(step)) {
        const frame = await this.frameOf(step, due);
        if (era !== this.era) return;
        this.answer(step, due.key, frame);
      }
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

  private due(step: number): Request | undefined {
    return this.waiting.find(({ after }) => after < step);
  }

  private async frameOf(step: number, { key, ask }: Request): Promise<PictureFrame> {
    const { latest } = this;
    return latest?.step === step && latest.key === key ? latest.frame : await this.draw(ask);
  }

  private answer(step: number, key: string, frame: PictureFrame): void {
    this.latest = { step, key, frame };
    const isServed = (request: Request): boolean => request.key === key && request.after < step;
    const served = this.waiting.filter(isServed);
    this.waiting = this.waiting.filter((request) => !isServed(request));
    for (const { resolve } of served) resolve(frame);
  }
}
