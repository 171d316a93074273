// The studio's side of the bridge: typed requests, commands and event subscriptions.
import { reviveError, StudioError } from '../domain/errors.ts';
import type { RunId } from '../domain/run.ts';
import type { PictureFrame, PictureKind } from './pictures/pictureKind.ts';
import type { Port } from './port.ts';
import type {
  CommandMessage,
  CommandName,
  Commands,
  EventName,
  Events,
  RequestMessage,
  RequestName,
  Requests,
  ToStudio,
  ToWorker,
} from './protocol.ts';

interface Pending {
  resolve(body: Requests[RequestName]['answer']): void;
  reject(error: StudioError): void;
}
type Listeners = { [N in EventName]?: Set<(body: Events[N]) => void> };

export class Client {
  private port: Port<ToWorker, ToStudio>;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners: Listeners = {};
  private nextId = 1;

  constructor(port: Port<ToWorker, ToStudio>) {
    this.port = port;
    this.attach(port);
  }

  /** Talks to another worker from now on. */
  attach(port: Port<ToWorker, ToStudio>): void {
    this.port = port;
    port.listen((message) => {
      if (port === this.port) this.receive(message);
    });
  }

  /** Asks the worker; `transfer` moves with what is asked. Rejects with the worker's StudioError, or `bridge.worker-crashed` if it dies first. */
  request<N extends RequestName>(
    name: N,
    body: Requests[N]['ask'],
    transfer: readonly object[] = [],
  ): Promise<Requests[N]['answer']> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.port.post({ kind: 'request', name, id, body } as RequestMessage, transfer);
    });
  }

  /** Pictures of the open run: a frame of a later step than `after`, or null while the stage under way has none. */
  async pull<Ask, Frame extends PictureFrame>(
    runId: RunId,
    { name }: PictureKind<Ask, Frame>,
    after: number,
    ask: Ask,
  ): Promise<Frame | null> {
    const { frame } = await this.request('picture.pull', { runId, kind: name, after, ask });
    // The worker draws each kind with the module that is held to this type.
    return frame as Frame | null;
  }

  command<N extends CommandName>(name: N, body: Commands[N]): void {
    this.port.post({ kind: 'command', name, body } as CommandMessage);
  }

  /** Subscribes; the returned function unsubscribes. */
  on<N extends EventName>(name: N, listener: (body: Events[N]) => void): () => void {
    const all = this.listeners as Record<N, Set<(body: Events[N]) => void> | undefined>;
    const set = all[name] ?? new Set();
    all[name] = set;
    set.add(listener);
    return () => set.delete(listener);
  }

  /** The worker is gone: every open request is refused with the error that is given back. */
  crashed(reason: string): StudioError {
    const error = new StudioError(
      'bridge.worker-crashed',
      `The training worker stopped: ${reason}`,
      'Reload the page; the run continues from its last checkpoint.',
      { reason },
    );
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    return error;
  }

  private receive(message: ToStudio): void {
    switch (message.kind) {
      case 'answer':
        this.settle(message.id)?.resolve(message.body);
        return;
      case 'refusal':
        this.settle(message.id)?.reject(reviveError(message.error));
        return;
      case 'event':
        this.emit(message.name, message.body);
        return;
      default:
        message satisfies never;
    }
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private emit<N extends EventName>(name: N, body: Events[N]): void {
    const set = (this.listeners as Record<N, Set<(body: Events[N]) => void> | undefined>)[name];
    for (const listener of set ?? []) listener(body);
  }
}
