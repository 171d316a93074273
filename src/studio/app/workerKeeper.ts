// Keeps a worker behind the page: one that dies, or does not answer any more, is replaced, and the run that was open goes on
// from its last checkpoint.
import type { Client } from '../../bridge/client.ts';
import type { StudioError } from '../../domain/errors.ts';
import type { WorkerPort } from './workerPort.ts';

interface KeeperParts {
  readonly client: Client;
  readonly open: () => WorkerPort;
  /** Brings the page back on a new worker. */
  readonly reconnect: (reason: StudioError) => Promise<void>;
  /** Three workers in a row died: the page has to be reloaded. */
  readonly giveUp: (reason: StudioError) => void;
  readonly nowMs?: () => number;
}

const BEAT_MS = 5000;
/** A step on a slow device blocks the worker; longer than this, nothing that is alive does. */
const HUNG_AFTER_MS = 90_000;
/** A worker that lived so long was well. */
const WELL_AFTER_MS = 60_000;
const MAX_DEATHS = 3;

export class WorkerKeeper {
  private readonly parts: KeeperParts;
  private readonly nowMs: () => number;
  private port: WorkerPort;
  private openedAtMs: number;
  private deaths = 0;
  private askedAtMs: number | null = null;
  private lastBeatMs: number;

  constructor(parts: KeeperParts, first: WorkerPort) {
    this.parts = parts;
    this.nowMs = parts.nowMs ?? (() => performance.now());
    this.port = first;
    this.openedAtMs = this.nowMs();
    this.lastBeatMs = this.openedAtMs;
    this.watch(first);
  }

  /** Call it every {@link BEAT_MS}, or let `start` do so. */
  beat(): void {
    const now = this.nowMs();
    // The page itself stood still (a laptop that slept, a tab that was frozen): answers may still be on their way.
    const stoodStill = now - this.lastBeatMs > 3 * BEAT_MS;
    this.lastBeatMs = now;
    if (this.askedAtMs === null) {
      const { port } = this;
      this.askedAtMs = now;
      void this.parts.client.request('ping', {}).then(
        () => {
          if (port === this.port) this.askedAtMs = null;
        },
        () => undefined,
      );
    } else if (stoodStill) this.askedAtMs = now;
    else if (now - this.askedAtMs > HUNG_AFTER_MS) this.replace(`it has not answered for ${HUNG_AFTER_MS / 1000} s`);
  }

  start(): void {
    setInterval(() => this.beat(), BEAT_MS);
  }

  private watch(port: WorkerPort): void {
    port.onCrash((reason) => {
      if (port === this.port) this.replace(reason);
    });
  }

  private replace(reason: string): void {
    const { client, open, reconnect, giveUp } = this.parts;
    const now = this.nowMs();
    this.port.close();
    this.deaths = now - this.openedAtMs > WELL_AFTER_MS ? 1 : this.deaths + 1;
    const error = client.crashed(reason);
    if (this.deaths > MAX_DEATHS) {
      giveUp(error);
      return;
    }
    this.port = open();
    this.openedAtMs = now;
    this.askedAtMs = null;
    this.watch(this.port);
    client.attach(this.port);
    void reconnect(error);
  }
}
