// What the owner of a run and those who watch it say to each other: events as they happen, and pictures on demand.
import type { PictureFrame } from '../../../bridge/pictures/pictureKind.ts';
import type { EventName, Events } from '../../../bridge/protocol.ts';
import type { Emit } from '../../../bridge/server.ts';
import type { RunId } from '../../../domain/run.ts';
import { type Line, runName, type Sharing } from './sharing.ts';

export interface Pull {
  readonly kind: string;
  readonly after: number;
  readonly ask: unknown;
}

type Said =
  | { [N in EventName]: { readonly kind: 'event'; readonly name: N; readonly body: Events[N] } }[EventName]
  /** Somebody began to watch. */
  | { readonly kind: 'watching' }
  | { readonly kind: 'pull'; readonly id: string; readonly pull: Pull }
  | { readonly kind: 'pulled'; readonly id: string; readonly frame: PictureFrame | null }
  /** Somebody wants to go on with the run: save and let go. */
  | { readonly kind: 'hand-over' };

export interface Owner {
  pull(pull: Pull): Promise<PictureFrame | null>;
  /** Tells anew how things stand. */
  tell(): void;
  handOver(): void;
}

/** The owner's end. */
export class RunCast {
  private readonly line: Line;

  constructor(sharing: Sharing, runId: RunId, owner: Owner) {
    this.line = sharing.line(runName(runId), (message) => void this.hear(message as Said, owner));
  }

  readonly post = <N extends EventName>(name: N, body: Events[N]): void =>
    this.line.post({ kind: 'event', name, body });

  close(): void {
    this.line.close();
  }

  private async hear(said: Said, owner: Owner): Promise<void> {
    if (said.kind === 'watching') owner.tell();
    if (said.kind === 'hand-over') owner.handOver();
    if (said.kind !== 'pull') return;
    const frame = await owner.pull(said.pull).catch(() => null);
    this.line.post({ kind: 'pulled', id: said.id, frame } satisfies Said);
  }
}

/** An owner that is frozen answers nobody: then there is no picture for now. */
const PICTURE_WAIT_MS = 5000;

/** A watcher's end: everything that the owner tells is told on. */
export class RunWatch {
  private readonly line: Line;
  private readonly waiting = new Map<string, (frame: PictureFrame | null) => void>();
  private readonly token: string;
  private asked = 0;

  /** `token` is this watcher's alone. */
  constructor(sharing: Sharing, runId: RunId, token: string, emit: Emit) {
    this.token = token;
    this.line = sharing.line(runName(runId), (message) => this.hear(message as Said, emit));
    this.line.post({ kind: 'watching' } satisfies Said);
  }

  pull(pull: Pull): Promise<PictureFrame | null> {
    const id = `${this.token} ${this.asked++}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(id, null), PICTURE_WAIT_MS);
      this.waiting.set(id, (frame) => {
        clearTimeout(timer);
        resolve(frame);
      });
      this.line.post({ kind: 'pull', id, pull } satisfies Said);
    });
  }

  askForHandOver(): void {
    this.line.post({ kind: 'hand-over' } satisfies Said);
  }

  close(): void {
    for (const id of [...this.waiting.keys()]) this.answer(id, null);
    this.line.close();
  }

  private hear(said: Said, emit: Emit): void {
    if (said.kind === 'event') emit(said.name, said.body);
    if (said.kind === 'pulled') this.answer(said.id, said.frame);
  }

  private answer(id: string, frame: PictureFrame | null): void {
    this.waiting.get(id)?.(frame);
    this.waiting.delete(id);
  }
}
