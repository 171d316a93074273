// The one run that is open, and the device it runs on. Runs are opened and closed one after the other; a device that fails is
// opened anew, and the run goes on from its last checkpoint, which a new device continues with the same bits.
import type { PictureFrame } from '../../bridge/pictures/pictureKind.ts';
import type { OpenAnswer, RunRecord } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import type { DatasetRef } from '../../domain/dataset.ts';
import type { BackendName, DeviceInfo } from '../../domain/device.ts';
import { type ErrorCode, invariant, StudioError, serialiseError } from '../../domain/errors.ts';
import type { RunConfig, RunId, RunSummary } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';
import { runNotFound, runTaken } from '../storage/storageErrors.ts';
import { buffersOf } from './metricsRecorder.ts';
import { lookAtRun, type NewRun, type OpenedRun, type RunHost, resumeRun, startRun } from './openRun.ts';
import type { RunClock, RunObserver } from './runParts.ts';
import type { RunSession } from './runSession.ts';
import { datasetsOf, Ownership } from './sharing/ownership.ts';
import { type Pull, RunWatch } from './sharing/runLine.ts';
import type { Sharing } from './sharing/sharing.ts';

export interface DeviceHost {
  /** Opens the device that is asked for, or with `auto` the best there is. `onTrouble` hears, once, why it cannot be trusted any more. */
  open(preference: 'auto' | BackendName, onTrouble: (error: StudioError) => void): Promise<DeviceInfo>;
  /** Why the open device cannot be trusted any more, or null. */
  trouble(): Promise<StudioError | null>;
  /** Gives back what is left of a device that failed. */
  close(): void;
  /** Measures kernels between two runs; a host without a GPU has none. */
  tuneKernels?(): Promise<unknown>;
}

export interface CurrentRunParts {
  readonly store: RunStore;
  readonly clock: RunClock;
  readonly memory: RunHost['memory'];
  readonly device: DeviceHost;
  readonly source: (ref: DatasetRef) => ReturnType<RunHost['source']>;
  /** Null for a host that shares its runs with nobody. */
  readonly sharing: Sharing | null;
  /** A token that nobody else makes. */
  readonly newToken: () => string;
}

/** What a new device cures. Work that was refused would be refused again. */
const CURABLE: readonly ErrorCode[] = ['gpu.device-lost', 'gpu.out-of-memory'];
/** Failures without a save between them. */
const MAX_FAILURES = 3;
/** A crashed GPU process takes a while to come back: pauses between tries, in milliseconds. */
const REOPEN_PAUSES_MS = [0, 500, 1000, 2000, 4000];

export class CurrentRun {
  private readonly parts: CurrentRunParts;
  private readonly emit: Emit;
  private session: RunSession | null = null;
  private ownership: Ownership | null = null;
  private watch: { readonly runId: RunId; readonly line: RunWatch } | null = null;
  /** Opening, closing and recovering happen one after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Counts devices, so that late news of an old one is told from news of this one. */
  private generation = 0;
  private failures = 0;
  device: Promise<DeviceInfo>;

  constructor(parts: CurrentRunParts, emit: Emit) {
    this.parts = parts;
    this.emit = emit;
    this.device = this.openDevice('auto');
    this.device.then(
      (device) => emit('device', { device }),
      (error) => emit('failure', { error: serialiseError(error) }),
    );
  }

  /** Starts a run and plays it. */
  start(config: RunConfig, run: NewRun): Promise<RunSession> {
    return this.exchange(async () => {
      const ownership = await this.own(run.runId, config, null);
      // Nobody else knows of the run yet.
      invariant(ownership !== null, () => `The new run ${run.runId} is held elsewhere.`);
      const session = await this.openOwned(
        ownership,
        (host, observer) => startRun(config, run, host, observer),
        (created) => created,
      );
      void session.play();
      return session;
    });
  }

  /** Owns the run, or watches it where another tab does. `takeOver`: whatever that tab says. */
  open(runId: RunId, takeOver: boolean): Promise<OpenAnswer> {
    return this.exchange(async () => {
      const { config } = await this.summaryOf(runId);
      const ownership = await this.own(runId, config, takeOver ? this.askForHandOver(runId) : null);
      if (ownership === null) return this.watched(runId);
      const opened = await this.openOwned(
        ownership,
        (host, observer) => resumeRun(runId, host, observer),
        ({ session }) => session,
      );
      return { record: recordOf(opened), pinned: opened.session.pinnedImages, isWatched: false };
    });
  }

  isOpen(runId: RunId): boolean {
    return this.session?.runId === runId;
  }

  /** Whether the open run reads a dataset. */
  uses(datasetId: string): boolean {
    return this.session !== null && datasetsOf(this.session.current.config).includes(datasetId);
  }

  get opened(): RunSession | null {
    return this.session;
  }

  /** Throws `data.not-found` for a run that is not the open one. */
  get(runId: RunId): RunSession {
    if (this.session?.runId === runId) return this.session;
    throw new StudioError('data.not-found', 'That run is not open.', 'Open it from the list of runs.', { runId });
  }

  /** Once nothing is being opened or brought back. Throws `data.not-found` for a run that is neither open nor watched. */
  async pull(runId: RunId, pull: Pull): Promise<PictureFrame | null> {
    await this.turn;
    if (this.watch?.runId === runId) return this.watch.line.pull(pull);
    return this.get(runId).pull({ name: pull.kind }, pull.after, pull.ask);
  }

  /** Once nothing is being opened or brought back. */
  close(): Promise<void> {
    const next = this.turn.then(() => this.leave());
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async leave(): Promise<void> {
    const { session, ownership, watch } = this;
    this.session = null;
    this.ownership = null;
    this.watch = null;
    watch?.line.close();
    await session?.dispose();
    ownership?.release();
  }

  /** Closes the open run, then opens another. */
  private exchange<T>(open: () => Promise<T>): Promise<T> {
    const next = this.turn.then(async () => {
      await this.leave();
      this.failures = 0;
      return open();
    });
    this.turn = next.catch(() => undefined);
    return next;
  }

  private async openOwned<T>(
    ownership: Ownership,
    create: (host: RunHost, observer: RunObserver) => Promise<T>,
    sessionOf: (created: T) => RunSession,
  ): Promise<T> {
    this.ownership = ownership;
    try {
      const created = await this.onDevice(async (device) => {
        await this.parts.device.tuneKernels?.();
        return create(this.host(device), this.observer());
      });
      this.session = sessionOf(created);
      return created;
    } catch (error) {
      this.ownership = null;
      ownership.release();
      throw error;
    }
  }

  private async summaryOf(runId: RunId): Promise<RunSummary> {
    const found = (await this.parts.store.listRuns()).find((summary) => summary.runId === runId);
    if (found === undefined) throw runNotFound(runId);
    return found;
  }

  /** Null where another tab has the run. With `asked`, it was asked to let go, and is left without it if it does not. */
  private async own(runId: RunId, config: RunConfig, asked: RunWatch | null): Promise<Ownership | null> {
    const ownership = await Ownership.of(this.parts.sharing, runId, config, {
      isAskedFor: asked !== null,
      onLost: () => this.lost(runId),
      pull: (pull) => this.pull(runId, pull),
      tell: () => this.session?.tell(),
      handOver: () => void this.handOver(runId),
    });
    asked?.close();
    return ownership;
  }

  private askForHandOver(runId: RunId): RunWatch | null {
    const { sharing, newToken } = this.parts;
    if (sharing === null) return null;
    const line = new RunWatch(sharing, runId, newToken(), () => undefined);
    line.askForHandOver();
    return line;
  }

  private async watched(runId: RunId): Promise<OpenAnswer> {
    const { store, source, sharing, newToken } = this.parts;
    const { stored, pinned } = await lookAtRun(runId, { store, source });
    if (sharing !== null) this.watch = { runId, line: new RunWatch(sharing, runId, newToken(), this.emit) };
    const { summary, metrics, evaluations } = stored;
    return { record: { summary, metrics, evaluations }, pinned, isWatched: true };
  }

  /** Another tab asks for the run: saves, lets go, and watches. */
  private handOver(runId: RunId): Promise<void> {
    return this.giveUp(runId, () => this.leave());
  }

  /** Another tab took the run while this one was frozen: nothing may be written any more. */
  private lost(runId: RunId): void {
    void this.giveUp(runId, async () => {
      const { session, ownership } = this;
      this.session = null;
      this.ownership = null;
      await session?.abandon(runTaken(runId));
      ownership?.release();
    });
  }

  private giveUp(runId: RunId, letGo: () => Promise<void>): Promise<void> {
    const next = this.turn.then(async () => {
      if (!this.isOpen(runId)) return;
      await letGo();
      const { sharing, newToken } = this.parts;
      if (sharing !== null) this.watch = { runId, line: new RunWatch(sharing, runId, newToken(), this.emit) };
      this.emit('run.taken', { runId });
    });
    this.turn = next.catch((reason) => this.emit('failure', { error: serialiseError(reason) }));
    return next;
  }

  /** Tries again on a new device what an old one failed. */
  private async onDevice<T>(work: (device: DeviceInfo) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const device = await this.device;
      try {
        return await work(device);
      } catch (error) {
        const trouble = await this.parts.device.trouble();
        if (trouble === null) throw error;
        if (!CURABLE.includes(trouble.code) || attempt === MAX_FAILURES) throw trouble;
        await this.reopenDevice(device.backend);
        this.emit('recovered', { reason: serialiseError(trouble), run: null });
      }
    }
  }

  private host(device: DeviceInfo): RunHost {
    const { store, clock, memory, source } = this.parts;
    return {
      store,
      clock,
      memory,
      device,
      source,
      causeOf: async (error) => {
        const trouble = await this.parts.device.trouble();
        return trouble === null ? error : null;
      },
    };
  }

  private openDevice(preference: 'auto' | BackendName): Promise<DeviceInfo> {
    const generation = ++this.generation;
    return this.parts.device.open(preference, (error) => this.deviceFailed(error, generation));
  }

  /** Throws `gpu.unavailable` where nothing can be opened any more. */
  private async reopenDevice(backend: BackendName): Promise<DeviceInfo> {
    this.parts.device.close();
    for (const pauseMs of REOPEN_PAUSES_MS) {
      await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
      this.device = this.openDevice(backend);
      const device = await this.device.catch(() => null);
      if (device !== null) return device;
    }
    this.device = this.openDevice('auto');
    const device = await this.device;
    this.emit('device', { device });
    return device;
  }

  private deviceFailed(error: StudioError, generation: number): void {
    if (generation !== this.generation) return;
    const next = this.turn.then(() => this.recover(error, generation));
    this.turn = next.catch((reason) => this.emit('failure', { error: serialiseError(reason) }));
  }

  /** Opens a new device, and on it the run that was open. */
  private async recover(trouble: StudioError, generation: number): Promise<void> {
    // What was being opened when the device failed has dealt with it.
    if (generation !== this.generation) return;
    const { session } = this;
    this.failures += 1;
    const isHopeless = !CURABLE.includes(trouble.code) || this.failures > MAX_FAILURES;
    if (session !== null && isHopeless) await session.abort(trouble);
    const backend = (await this.device).backend;
    if (session === null || isHopeless) {
      await session?.abandon(trouble);
      await this.reopenDevice(backend);
      this.emit('recovered', { reason: serialiseError(trouble), run: null });
      return;
    }
    const { isPlaying, updates: reached } = session;
    await session.abandon(trouble);
    try {
      const device = await this.reopenDevice(backend);
      const opened = await resumeRun(session.runId, this.host(device), this.observer());
      this.session = opened.session;
      const record = recordOf(opened);
      const repeated = reached - record.summary.step;
      const run = { record, pinned: opened.session.pinnedImages, repeated };
      const recovered = { reason: serialiseError(trouble), run };
      this.ownership?.cast?.post('recovered', recovered);
      this.emit('recovered', recovered, buffersOf(opened.stored.metrics));
      if (device.backend !== backend) this.emit('failure', { error: serialiseError(notBack(device)) });
      else if (isPlaying) void opened.session.play();
    } catch (error) {
      await session.abort(error instanceof StudioError ? error : trouble);
    }
  }

  /** To the page, and to whoever watches the run. */
  private observer(): RunObserver {
    const emit: Emit = (name, body, transfer) => {
      this.ownership?.cast?.post(name, body);
      this.emit(name, body, transfer);
    };
    return {
      state: (state) => emit('run.state', { state }),
      metrics: (frame, runId) => emit('run.metrics', { runId, frame }, buffersOf(frame)),
      evaluation: (evaluation, runId) => emit('run.evaluation', { runId, evaluation }),
      saved: (summary) => {
        if (summary.status === 'running') this.failures = 0;
        emit('run.saved', { summary });
      },
      changed: (change, runId) => emit('run.changed', { runId, change }),
      problem: (error) => emit('failure', { error: serialiseError(error) }),
    };
  }
}

/** What the page shows of a run that was opened. */
function recordOf({ session, stored: { metrics, evaluations } }: OpenedRun): RunRecord {
  return { summary: session.current, metrics, evaluations };
}

function notBack(device: DeviceInfo): StudioError {
  return new StudioError(
    'gpu.not-back',
    `The graphics device did not come back; the run waits at its last checkpoint, on ${device.backend}.`,
    'Reload the page to try again, or play on here: the numbers will differ slightly.',
    { backend: device.backend },
  );
}
