// The one run that is open, and the device it runs on. Runs are opened and closed one after the other; a device that fails is
// opened anew, and the run goes on from its last checkpoint, which a new device continues with the same bits.
import type { RunRecord } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import type { DatasetRef } from '../../domain/dataset.ts';
import type { BackendName, DeviceInfo } from '../../domain/device.ts';
import { type ErrorCode, StudioError, serialiseError } from '../../domain/errors.ts';
import type { RunConfig, RunId } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';
import { buffersOf } from './metricsRecorder.ts';
import { type NewRun, type OpenedRun, type RunHost, resumeRun, startRun } from './openRun.ts';
import type { RunClock, RunObserver } from './runParts.ts';
import type { RunSession } from './runSession.ts';

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

  async start(config: RunConfig, run: NewRun): Promise<RunSession> {
    return this.exchange(
      (host, observer) => startRun(config, run, host, observer),
      (session) => session,
    );
  }

  open(runId: RunId): Promise<OpenedRun> {
    return this.exchange(
      (host, observer) => resumeRun(runId, host, observer),
      ({ session }) => session,
    );
  }

  isOpen(runId: RunId): boolean {
    return this.session?.runId === runId;
  }

  get opened(): RunSession | null {
    return this.session;
  }

  /** Throws `data.not-found` for a run that is not the open one. */
  get(runId: RunId): RunSession {
    if (this.session?.runId === runId) return this.session;
    throw new StudioError('data.not-found', 'That run is not open.', 'Open it from the list of runs.', { runId });
  }

  /** As {@link get}, once nothing is being opened or brought back. */
  async settled(runId: RunId): Promise<RunSession> {
    await this.turn;
    return this.get(runId);
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = null;
    await session?.dispose();
  }

  /** Closes the open run, then opens another. */
  private exchange<T>(
    create: (host: RunHost, observer: RunObserver) => Promise<T>,
    sessionOf: (created: T) => RunSession,
  ): Promise<T> {
    const next = this.turn.then(async () => {
      await this.close();
      this.failures = 0;
      const created = await this.onDevice(async (device) => {
        await this.parts.device.tuneKernels?.();
        return create(this.host(device), this.observer());
      });
      this.session = sessionOf(created);
      return created;
    });
    this.turn = next.catch(() => undefined);
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
    const isPlaying = this.session?.isPlaying === true;
    const next = this.turn.then(() => this.recover(error, generation, isPlaying));
    this.turn = next.catch((reason) => this.emit('failure', { error: serialiseError(reason) }));
  }

  /** Opens a new device, and on it the run that was open. */
  private async recover(trouble: StudioError, generation: number, isPlaying: boolean): Promise<void> {
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
    const reached = session.updates;
    await session.abandon(trouble);
    try {
      const device = await this.reopenDevice(backend);
      const opened = await resumeRun(session.runId, this.host(device), this.observer());
      this.session = opened.session;
      const { summary } = recordOf(opened);
      const repeated = reached - summary.step;
      const pinned = opened.session.pinnedImages;
      const run = { record: recordOf(opened), pinned, repeated };
      this.emit('recovered', { reason: serialiseError(trouble), run }, buffersOf(opened.stored.metrics));
      if (device.backend !== backend) this.emit('failure', { error: serialiseError(notBack(device)) });
      else if (isPlaying) void opened.session.play();
    } catch (error) {
      await session.abort(error instanceof StudioError ? error : trouble);
    }
  }

  private observer(): RunObserver {
    const { emit } = this;
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
export function recordOf({ session, stored: { metrics, evaluations } }: OpenedRun): RunRecord {
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
