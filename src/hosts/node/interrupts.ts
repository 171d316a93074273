// Signals that ask a command to end, heard from its first moment to its last. A Ctrl-C reaches npm, the wrapper and the command
// at once, and each passes it on: the first one counts, repeats change nothing, so that none cuts a save short.

/** What ends a command, and the status it then exits with: 128 and the signal's number, as shells have it. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type EndingSignal = keyof typeof STATUS;

export class Interrupts {
  private heard: EndingSignal | null = null;
  private end: (() => void) | null = null;
  private readonly exit: (status: number) => void;

  /** `exit` ends the process where nothing is under way that must come to an end of its own. */
  constructor(exit: (status: number) => void) {
    this.exit = exit;
  }

  /** Hears the process's signals until it ends, and does without a terminal that has gone away. */
  listen(): this {
    for (const signal of Object.keys(STATUS) as EndingSignal[]) process.on(signal, () => this.hear(signal));
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
    return this;
  }

  hear(signal: EndingSignal): void {
    if (this.heard !== null) return;
    this.heard = signal;
    if (this.end === null) this.exit(STATUS[signal]);
    else {
      console.error(`${signal}: saving what was done, then ending.`);
      this.end();
    }
  }

  /** What the process exits with; null: nobody asked it to end. */
  get status(): number | null {
    return this.heard === null ? null : STATUS[this.heard];
  }

  /** Work that a signal does not cut off: it calls `end`, which asks the work to come to its own end. */
  async around<Result>(end: () => void, work: () => Promise<Result>): Promise<Result> {
    this.end = end;
    try {
      return await work();
    } finally {
      this.end = null;
    }
  }
}
